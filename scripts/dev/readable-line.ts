import { styleText } from 'node:util'
import { z } from 'zod'

const logLine = z.looseObject({
  level: z.string(),
  time: z.string(),
  service: z.string(),
  msg: z.string().optional(),
  err: z.looseObject({ stack: z.string().optional() }).optional(),
})

const COLORS = new Map<string, 'gray' | 'yellow' | 'red'>([
  ['debug', 'gray'],
  ['warn', 'yellow'],
  ['error', 'red'],
])

// Fields that only programs read.
const LEFT_OUT = new Set(['documentHash', 'traceId'])

/** Turns a JSON line of a service's log into a line for people: time, level, service, message and fields. */
export function readableLine(line: string): string {
  const read = logLine.safeParse(parseJson(line))
  if (!read.success) return line
  const { level, time, service, msg = '', err, ...fields } = read.data
  const { stack, ...otherFields } = err ?? {}
  const described = Object.entries({ ...fields, ...(err && !stack && { err: otherFields }) })
    .filter(([name]) => !LEFT_OUT.has(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  const text = [clock(time), level.padEnd(5), service.padEnd(13), msg, ...described].join(' ')
  return styleText(COLORS.get(level) ?? 'reset', stack ? `${text}\n${stack}` : text)
}

function clock(time: string): string {
  const date = new Date(time)
  return Number.isNaN(date.getTime()) ? time : date.toTimeString().slice(0, 8)
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
