import { byteSize, shortCount, timeAgo } from './format.ts'

const NOW = Date.parse('2026-06-15T12:00:00Z')
const secondsAgo = (seconds: number) => timeAgo(new Date(NOW - seconds * 1000).toISOString(), NOW)

describe('times, counts and sizes', () => {
  it('are as short as a list needs', () => {
    expect(secondsAgo(5)).toBe('now')
    expect(secondsAgo(-30)).toBe('now')
    expect(secondsAgo(300)).toBe('5 min. ago')
    expect(secondsAgo(7_300)).toBe('2 hr. ago')
    expect(secondsAgo(90_000)).toBe('yesterday')
    expect(secondsAgo(30 * 86_400)).toBe('May 16')
    expect(secondsAgo(400 * 86_400)).toBe('May 11, 2025')
    expect(shortCount(12_345)).toBe('12.3K')
    expect([0, 999, 1_500, 2_500_000_000].map(byteSize)).toEqual(['0 byte', '999 byte', '1.5 kB', '2.5 GB'])
  })
})
