import fc from 'fast-check'
import { recordingSource } from '../../../testing/storage/source.ts'
import { shareOfUsualBits } from './bit-budget.ts'
import { ladder } from './ladder.ts'
import { type Recording, recordingArguments } from './recording-arguments.ts'

const MIB = 1024 ** 2

function bitsOf(byteSize: number, durationSeconds: number): number {
  const shown = { width: 1920, height: 1080 }
  const recording: Recording = {
    source: { ...recordingSource({ isPlain: false, longSide: 1920 }, { isPlain: false }), durationSeconds },
    plan: { video: ladder(shown), audio: 'ENCODE' },
    shown,
    byteSize,
    marker: 'a',
    isTolerant: false,
  }
  const args = recordingArguments(recording, false)
  const rates = args.flatMap((arg, index) =>
    arg === '-maxrate' || arg === '-b:a' ? [Number(args[index + 1])] : [],
  )
  return rates.reduce((sum, rate) => sum + rate, 0)
}

test('the renditions of an ordinary video get the usual bit rates', () => {
  expect(shareOfUsualBits({ byteSize: 100 * MIB, durationSeconds: 60 }, 13_500_000)).toBe(1)
  expect(bitsOf(100 * MIB, 60)).toBe(10_000_000 + 3 * 128_000)
})

test('the renditions of strongly compressed noise stay small', () => {
  // The progressive file repeats one of the sizes.
  expect((bitsOf(1.9 * MIB, 510) * 510) / 8).toBeLessThan(6 * 1.9 * MIB + 17 * MIB)
})

test('renditions take at most six times the original plus 16 MiB, except for sound of 24 kbit/s', () => {
  const bytes = fc.integer({ min: 1000, max: 4 * 1024 * MIB })
  fc.assert(
    fc.property(bytes, fc.integer({ min: 1, max: 43_200 }), (byteSize, durationSeconds) => {
      const least = 3 * (24_000 + 16_000)
      const budget = ((6 * byteSize + 16 * MIB) * 8) / durationSeconds
      expect(bitsOf(byteSize, durationSeconds)).toBeLessThanOrEqual(Math.max(least, budget) + least)
    }),
  )
})
