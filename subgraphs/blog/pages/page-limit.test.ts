import { VisibleError } from '../../../platform/errors.ts'
import { createLog } from '../../../platform/log.ts'
import { createPageLimit, type PageLimit } from './page-limit.ts'
import type { PageReader } from './page-reader.ts'

let time = 0
beforeEach(() => {
  time = 0
})

const start = (perMinute: number) =>
  createPageLimit({
    perMinute,
    share: async () => [],
    log: createLog('test', 'silent'),
    now: () => time,
  })
const at = (network: string, viewerId: string | null = null): PageReader => ({ network, viewerId })

/** Opens a page. Returns 0 if the limit allows it, otherwise after how many seconds to try again. */
function open(limit: PageLimit, reader: PageReader, weight = 1): number {
  try {
    limit.count(reader, weight)
    return 0
  } catch (error) {
    if (!(error instanceof VisibleError)) throw error
    expect(error.extensions.code).toBe('RATE_LIMITED')
    return Number(error.extensions.retryAfterSeconds)
  }
}

/** Opens pages until the limit is used up. Returns how many were allowed, at most 100. */
function openAll(limit: PageLimit, reader: PageReader, weight = 1): number {
  for (let count = 0; count < 100; count++) if (open(limit, reader, weight) > 0) return count
  return 100
}

describe('the rate limit on pages', () => {
  it('refuses a reader who has used it up, and says when a page is free again', () => {
    const limit = start(6)
    expect(openAll(limit, at('192.0.2.1'))).toBe(6)
    expect(open(limit, at('192.0.2.1'))).toBe(1)
    time += 1_000
    expect(open(limit, at('192.0.2.1'))).toBe(0)
    expect(open(limit, at('192.0.2.1'))).toBe(10)
    time += 9_000
    expect(open(limit, at('192.0.2.1'))).toBe(1)
    time += 1_000
    expect(open(limit, at('192.0.2.1'))).toBe(0)
  })

  it('counts each network and each viewer separately', () => {
    const limit = start(6)
    expect(openAll(limit, at('192.0.2.1'))).toBe(6)
    expect(openAll(limit, at('192.0.2.2'))).toBe(6)
    expect(openAll(limit, at('192.0.2.1', 'ann'))).toBe(6)
    expect(openAll(limit, at('192.0.2.1', 'bob'))).toBe(6)
    expect(open(limit, at('192.0.2.2', 'bob'))).toBeGreaterThan(0)
  })

  it('limits all viewers of a network together, but no other network', () => {
    const limit = start(1)
    const opened = Array.from({ length: 30 }, (_, n) => open(limit, at('192.0.2.1', `user ${n}`)))
    expect(opened.filter((seconds) => seconds === 0)).toHaveLength(20)
    expect(open(limit, at('192.0.2.2', 'user 30'))).toBe(0)
  })

  it('counts a weight as that many pages', () => {
    expect(openAll(start(8), at('192.0.2.1'), 4)).toBe(2)
    expect(openAll(start(8), at('192.0.2.1'), 0.25)).toBe(32)
  })

  it('is off with 0', () => {
    expect(openAll(start(0), at('192.0.2.1'), 1_000)).toBe(100)
  })
})
