import { language } from './language.ts'

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const WEEK = 7 * DAY

/** Says how long ago something was, or on which day: "5 min. ago", "yesterday", "Mar 3". */
export function timeAgo(time: string, now: number = Date.now()): string {
  const seconds = Math.max(0, (now - Date.parse(time)) / 1000)
  const relative = new Intl.RelativeTimeFormat(language(), { numeric: 'auto', style: 'short' })
  if (seconds < MINUTE) return language() === 'zh-Hans' ? '刚刚' : relative.format(0, 'second')
  if (seconds < HOUR) return spaced(relative.format(-Math.floor(seconds / MINUTE), 'minute'))
  if (seconds < DAY) return spaced(relative.format(-Math.floor(seconds / HOUR), 'hour'))
  if (seconds < WEEK)
    return spaced(relative.format(-Math.max(1, dayOf(now) - dayOf(Date.parse(time))), 'day'))
  const isThisYear = new Date(time).getFullYear() === new Date(now).getFullYear()
  const date = isThisYear ? ({ month: 'short', day: 'numeric' } as const) : ({ dateStyle: 'medium' } as const)
  return new Intl.DateTimeFormat(language(), date).format(new Date(time))
}

/** The number of a day on the calendar of this device. */
function dayOf(instant: number): number {
  const date = new Date(instant)
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 1000 / DAY
}

/**
 * Says how long it is until something happens, rounded up: "in 5 hr.", "in 2 days". What is above a whole unit by less than a
 * minute counts as the unit, because clocks differ: a post that was published for an hour disappears in 60 minutes.
 */
export function timeUntil(time: string, now: number = Date.now()): string {
  const left = Math.max(0, (Date.parse(time) - now) / 1000)
  const seconds = left > HOUR ? Math.max(HOUR, left - MINUTE) : left
  const relative = new Intl.RelativeTimeFormat(language(), { style: 'short' })
  if (seconds <= HOUR) return spaced(relative.format(Math.max(1, Math.ceil(seconds / MINUTE)), 'minute'))
  if (seconds <= 2 * DAY) return spaced(relative.format(Math.ceil(seconds / HOUR), 'hour'))
  return spaced(relative.format(Math.ceil(seconds / DAY), 'day'))
}

/** A date and time in full, for example as a tooltip. */
export function fullTime(time: string): string {
  return new Intl.DateTimeFormat(language(), { dateStyle: 'full', timeStyle: 'short' }).format(new Date(time))
}

/** A day and a time of day, such as "Mar 3, 2026, 8:30 AM". */
export function dayAndTime(time: string): string {
  return new Intl.DateTimeFormat(language(), { dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(time),
  )
}

/** Joins sentences: with a space between them where the language has one. */
export function sentences(...all: readonly string[]): string {
  return all.join(language() === 'zh-Hans' ? '' : ' ')
}

/** What a control does and with what, as one of several controls that do the same: "Unblock: Mei". */
export function labelFor(action: string, name: string): string {
  return `${action}${language() === 'zh-Hans' ? '：' : ': '}${name}`
}

/** A month and year, such as "March 2026". */
export function month(time: string): string {
  return new Intl.DateTimeFormat(language(), { year: 'numeric', month: 'long' }).format(new Date(time))
}

/** A count in full: 950, 1,000,000. */
export function wholeNumber(count: number): string {
  return new Intl.NumberFormat(language()).format(count)
}

/** A count in as little space as possible: 950, 1.2K, 1.2 万. */
export function shortCount(count: number): string {
  const format = new Intl.NumberFormat(language(), { notation: 'compact', maximumFractionDigits: 1 })
  return spaced(format.format(count))
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** A number of bytes in the largest unit in which it is at least 1. */
export function byteSize(bytes: number, chosen = language()): string {
  const exponent = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3))
  const format = new Intl.NumberFormat(chosen, {
    style: 'unit',
    unit: UNITS[exponent] ?? 'byte',
    // The short form of bytes has no plural.
    unitDisplay: exponent === 0 ? 'long' : 'short',
    maximumFractionDigits: exponent === 0 ? 0 : 1,
  })
  return spaced(format.format(bytes / 1000 ** exponent))
}

/** Puts a space between a number and a Chinese unit, as all texts of the client do. */
function spaced(text: string): string {
  return text.replace(/(?<=\d)(?=\p{Script=Han})/gu, ' ')
}
