import { createOutageLog } from './outage-log.ts'

describe('the outage log', () => {
  it('has one line per outage, no matter how many requests fail', () => {
    const lines: string[] = []
    let now = 0
    const silent = () => {}
    const log = {
      debug: silent,
      info: silent,
      warn: silent,
      error: (_: unknown, text?: string) => void lines.push(`${text}`),
    }
    const report = createOutageLog(log, 'error', 'gone', () => now)
    for (; now < 60_000; now += 1_000) report(new Error('down'))
    expect(lines).toEqual(['gone'])
    now += 60_000
    report(new Error('down again'))
    expect(lines).toEqual(['gone', 'gone'])
  })
})
