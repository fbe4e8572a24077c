import { recordingSource } from '../../../testing/storage/source.ts'
import { showTheSame } from './decode-sample.ts'
import { CannotRender } from './ffmpeg.ts'
import { compareOutput, type Output } from './output.ts'
import type { Recording } from './recording-arguments.ts'

const gradient = Buffer.from(Array.from({ length: 1024 }, (_, index) => index % 256))
const upsideDown = Buffer.from([...gradient].map((value) => 255 - value))
const plays = (end: number) => ({ start: 0, end })

const recording = (isTolerant = false): Recording => ({
  source: recordingSource({}),
  plan: { video: [{ width: 640, height: 360 }], audio: 'ENCODE' },
  shown: { width: 640, height: 360 },
  byteSize: 1000,
  marker: 'a1b2c3',
  isTolerant,
})
const output = (seconds: number, other: Partial<Output> = {}): Output => ({
  variants: [{ video: plays(seconds), audio: plays(seconds) }],
  streamSeconds: [seconds],
  picture: gradient,
  ...other,
})

describe('what was made of a recording of ten seconds', () => {
  it('is right where it plays as long, give or take a packet', () => {
    expect(compareOutput(recording(), output(10.02), gradient)).toBeNull()
    expect(compareOutput(recording(), output(9.95), gradient)).toBeNull()
  })

  it.each<[string, Output]>([
    ['plays too short', output(8)],
    ['plays too long', output(12)],
    ['has lost its sound', output(10, { variants: [{ video: plays(10) }] })],
    ['has lost its pictures', output(10, { variants: [{ audio: plays(10) }] })],
    ['has sound that ends early', output(10, { variants: [{ video: plays(10), audio: plays(3) }] })],
    ['has a stream that ends early', output(10, { streamSeconds: [3] })],
    ['can’t be decoded', output(10, { picture: null })],
    ['shows another picture first', output(10, { picture: upsideDown })],
  ])('is refused where it %s', (_what, wrong) => {
    expect(() => compareOutput(recording(), wrong, gradient)).toThrow(CannotRender)
  })

  it('is kept in part where decoders go on after errors, and its real length is told', () => {
    expect(compareOutput(recording(true), output(8), gradient)).toBe(8)
    expect(() => compareOutput(recording(true), output(4), gradient)).toThrow(
      expect.objectContaining({ explanation: expect.stringContaining('Only 4.0 of the 10.0 seconds') }),
    )
  })
})

describe('two pictures', () => {
  it('show the same where encoding changed their brightness a little', () => {
    const darker = Buffer.from([...gradient].map((value) => Math.floor(value * 0.9)))
    expect(showTheSame(gradient, darker, false)).toBe(true)
  })

  it('do not where one is mirrored, or of one colour', () => {
    expect(showTheSame(gradient, Buffer.from([...gradient].reverse()), false)).toBe(false)
    expect(showTheSame(gradient, Buffer.alloc(1024, 128), false)).toBe(false)
  })
})
