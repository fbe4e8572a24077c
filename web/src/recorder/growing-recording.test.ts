import fc from 'fast-check'
import { createGrowingRecording } from './growing-recording.ts'

const bytesOf = async (blob: Blob | null) => [
  ...new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0)),
]

describe('a recording that goes on', () => {
  it('gives a reader all its bytes in order, however they are added and read', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }), { maxLength: 20 }),
        fc.integer({ min: 1, max: 64 }),
        async (chunks, size) => {
          const recording = createGrowingRecording('video/webm', 8)
          const read = readAll(recording, size)
          for (const chunk of chunks) {
            recording.add(new Blob([new Uint8Array(chunk)]))
            await Promise.resolve()
          }
          recording.end()
          expect(await read).toEqual(chunks.flatMap((chunk) => [...chunk]))
        },
      ),
      { numRuns: 50 },
    )
  })

  async function readAll(
    recording: ReturnType<typeof createGrowingRecording>,
    size: number,
  ): Promise<number[]> {
    const all: number[] = []
    for (let offset = 0; ; ) {
      const { value, done } = await recording.slice(offset, offset + size)
      all.push(...(await bytesOf(value)))
      offset += value?.size ?? 0
      if (done) return all
    }
  }

  it('can be read again from an earlier position, after a lost connection', async () => {
    const recording = createGrowingRecording('audio/mp4', 1)
    recording.add(new Blob(['hello ']))
    await recording.slice(0, 6)
    recording.add(new Blob(['again']))
    recording.end()
    expect(await (await recording.slice(2, 100)).value?.text()).toBe('llo again')
  })

  it('has a size when it has ended, and takes nothing more', () => {
    const recording = createGrowingRecording('audio/mp4')
    recording.add(new Blob(['123']))
    expect(recording.size).toBeNull()
    recording.end()
    recording.add(new Blob(['4']))
    expect(recording.size).toBe(3)
  })
})
