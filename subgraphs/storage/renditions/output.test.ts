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

describe('the renditions of a recording of ten seconds', () => {
  it('are accepted if their duration differs by at most a packet', () => {
    expect(compareOutput(recording(), output(10.02), gradient)).toBeNull()
    expect(compareOutput(recording(), output(9.95), gradient)).toBeNull()
  })

  it.each<[string, Output]>([
    ['are too short', output(8)],
    ['are too long', output(12)],
    ['lack the sound', output(10, { variants: [{ video: plays(10) }] })],
    ['lack the pictures', output(10, { variants: [{ audio: plays(10) }] })],
    ['have sound that ends early', output(10, { variants: [{ video: plays(10), audio: plays(3) }] })],
    ['have a stream that ends early', output(10, { streamSeconds: [3] })],
    ['cannot be decoded', output(10, { picture: null })],
    ['begin with another picture', output(10, { picture: upsideDown })],
  ])('are refused if they %s', (_name, wrong) => {
    expect(() => compareOutput(recording(), wrong, gradient)).toThrow(CannotRender)
  })

  it('are accepted with their real duration if at least half could be decoded by a tolerant method', () => {
    expect(compareOutput(recording(true), output(8), gradient)).toBe(8)
    expect(() => compareOutput(recording(true), output(4), gradient)).toThrow(
      expect.objectContaining({ explanation: expect.stringContaining('Only 4.0 of the 10.0 seconds') }),
    )
  })
})

describe('two pictures', () => {
  it('match if encoding changed their brightness a little', () => {
    const darker = Buffer.from([...gradient].map((value) => Math.floor(value * 0.9)))
    expect(showTheSame(gradient, darker, false)).toBe(true)
  })

  it('do not match if one is mirrored or has only one colour', () => {
    expect(showTheSame(gradient, Buffer.from([...gradient].reverse()), false)).toBe(false)
    expect(showTheSame(gradient, Buffer.alloc(1024, 128), false)).toBe(false)
  })
})
