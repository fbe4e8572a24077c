import { createOutageLog } from './outage-log.ts'

describe('the log of an outage', () => {
  it('has one line for each outage, however many requests it fails', () => {
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
