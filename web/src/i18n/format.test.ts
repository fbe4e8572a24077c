import { byteSize, labelFor, sentences, shortCount, timeAgo, timeUntil } from './format.ts'
import { chooseLanguage } from './language.ts'

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
    const secondsUntil = (seconds: number) => timeUntil(new Date(NOW + seconds * 1000).toISOString(), NOW)
    expect([-5, 0, 61].map(secondsUntil)).toEqual(['in 1 min.', 'in 1 min.', 'in 2 min.'])
    expect([3_600, 17_000, 172_861].map(secondsUntil)).toEqual(['in 60 min.', 'in 5 hr.', 'in 3 days'])
    expect([3_605, 7_205, 172_830].map(secondsUntil)).toEqual(['in 60 min.', 'in 2 hr.', 'in 48 hr.'])
    expect(shortCount(12_345)).toBe('12.3K')
    expect([0, 999, 1_500, 2_500_000_000].map((bytes) => byteSize(bytes))).toEqual([
      '0 bytes',
      '999 bytes',
      '1.5 kB',
      '2.5 GB',
    ])
  })
  it.each([
    ['2026-06-15T23:00', '2026-06-17T22:00', '2 days ago'],
    ['2026-06-14T23:30', '2026-06-17T22:00', '3 days ago'],
    ['2026-06-16T00:10', '2026-06-17T23:50', 'yesterday'],
  ])('count the days of the calendar: %s, seen at %s', (time, now, expected) => {
    expect(timeAgo(new Date(time).toISOString(), new Date(now).getTime())).toBe(expected)
  })
  it('have a space between numbers and Chinese units, and words of their own', () => {
    Object.assign(globalThis, { localStorage: { setItem() {} }, document: { documentElement: {} } })
    chooseLanguage('zh-Hans')
    expect([5, 300, 7_300].map(secondsAgo)).toEqual(['刚刚', '5 分钟前', '2 小时前'])
    expect(timeUntil(new Date(NOW + 300_000).toISOString(), NOW)).toBe('5 分钟后')
    expect([shortCount(12_345), byteSize(0), byteSize(1_500)]).toEqual(['1.2 万', '0 字节', '1.5 kB'])
    expect(sentences('至少 8 个字符。', '请妥善保管。')).toBe('至少 8 个字符。请妥善保管。')
    expect(labelFor('取消拉黑', 'Mei')).toBe('取消拉黑：Mei')
    chooseLanguage('en')
    expect(labelFor('Unblock', 'Mei')).toBe('Unblock: Mei')
    expect(sentences('At least 8.', 'Keep it.')).toBe('At least 8. Keep it.')
  })
})
