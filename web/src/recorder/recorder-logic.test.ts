import { recordingName, recordingType } from './recording-type.ts'
import { createLevels, shownLevel } from './sound-level.ts'
import { isWhole, movePart, stepAt } from './trim.ts'

describe('the type of a recording', () => {
  it('is MP4 where the browser writes it, and WebM elsewhere', () => {
    expect(recordingType('video', () => true)).toBe('video/mp4;codecs=avc1.42E01F,mp4a.40.2')
    expect(recordingType('audio', (type) => /webm/.test(type))).toBe('audio/webm;codecs=opus')
    expect(recordingType('video', () => false)).toBeNull()
  })

  it('gives the file its extension', () => {
    const at = new Date('2026-03-01T08:30:00Z')
    expect(recordingName('audio', 'audio/mp4', at)).toBe('audio-2026-03-01T08-30-00.m4a')
    expect(recordingName('video', 'video/webm;codecs=vp8', at)).toBe('video-2026-03-01T08-30-00.webm')
  })
})

describe('shortening', () => {
  it('keeps the part in the recording and at least half a second long', () => {
    expect(movePart({ start: 0, end: 10 }, 'start', 12, 10)).toEqual({ start: 9.5, end: 10 })
    expect(movePart({ start: 4, end: 10 }, 'end', 1, 10)).toEqual({ start: 4, end: 4.5 })
    expect(movePart({ start: 4, end: 10 }, 'start', -3, 10)).toEqual({ start: 0, end: 10 })
    expect(movePart({ start: 0, end: 5 }, 'end', 99, 10)).toEqual({ start: 0, end: 10 })
  })

  it('shows the end of a recording at the end of the slider', () => {
    expect([3.975, 4, 4.01, 0].map(stepAt)).toEqual([4, 4, 4.1, 0].map((step) => expect.closeTo(step)))
  })

  it('has nothing to do for the whole recording', () => {
    expect(isWhole({ start: 0, end: 9.95 }, 10)).toBe(true)
    expect(isWhole({ start: 0, end: 9 }, 10)).toBe(false)
  })
})

describe('the level of a microphone', () => {
  it('is shown in decibels', () => {
    expect(shownLevel(0)).toBe(0)
    expect(shownLevel(1)).toBe(1)
    expect(shownLevel(0.1)).toBeCloseTo(0.6)
  })

  it('is remembered for a while', () => {
    const levels = createLevels(3)
    for (const level of [1, 2, 3, 4]) levels.add(level)
    expect(levels.values).toEqual([2, 3, 4])
  })
})
