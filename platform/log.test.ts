import { execFileSync } from 'node:child_process'

const program = (error: string) => `
  import { createLog } from ${JSON.stringify(new URL('./log.ts', import.meta.url).href)}
  createLog('test', 'info').error({ err: ${error} }, 'it failed')
`

/** Logs an error in a process of its own, and returns the line. */
function lineWith(error: string): { err: Record<string, unknown> } {
  const run = ['--input-type=module', '-e', program(error)]
  return JSON.parse(execFileSync(process.execPath, run, { encoding: 'utf8' }))
}

describe('an error in the log', () => {
  it('has its type, message, code and stack, and nothing that a library has attached to it', () => {
    const client =
      '{ secretKey: 1778079779, connection: { parsedStatements: { a: "SELECT password_hash" } } }'
    const { err } = lineWith(`Object.assign(new TypeError('gone'), { code: '57P01', client: ${client} })`)
    expect(err).toEqual({ type: 'TypeError', message: 'gone', code: '57P01', stack: expect.any(String) })
  })

  it('has the errors that it is about, such as those of several addresses', () => {
    const { err } = lineWith(`new AggregateError([Object.assign(new Error('refused'), { port: 5432 })])`)
    expect(err.aggregateErrors).toEqual([{ type: 'Error', message: 'refused', stack: expect.any(String) }])
  })

  it('has the messages of its causes', () => {
    const { err } = lineWith(`new Error('it failed', { cause: new Error('because of that') })`)
    expect(err.message).toBe('it failed: because of that')
  })
})
