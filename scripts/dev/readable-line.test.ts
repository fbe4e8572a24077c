import { stripVTControlCharacters } from 'node:util'
import { readableLine } from './readable-line.ts'

const read = (fields: object) =>
  stripVTControlCharacters(
    readableLine(
      JSON.stringify({ level: 'info', time: '2026-11-26T08:00:00.000Z', service: 'blog', ...fields }),
    ),
  )

it('a line of the log shows time, level, service, message and fields', () => {
  expect(read({ msg: 'post published', postId: 'p1', count: 2 })).toMatch(
    /^\d\d:00:00 info {2}blog {10}post published postId=p1 count=2$/,
  )
})

it('an operation is one line without the hash of its document', () => {
  const line = read({
    msg: 'operation',
    operation: 'Home',
    subgraphs: { blog: { calls: 1, ms: 2 } },
    documentHash: 'x',
  })
  expect(line).toMatch(/ operation operation=Home subgraphs=\{"blog":\{"calls":1,"ms":2\}\}$/)
})

it('an error is followed by its stack', () => {
  const err = { message: 'no', stack: 'Error: no\n    at here' }
  expect(read({ level: 'error', msg: 'failed', err })).toMatch(/ failed\nError: no\n {4}at here$/)
})

it('other output stays as it is', () => {
  expect(readableLine('Debugger listening on ws://127.0.0.1:9229')).toBe(
    'Debugger listening on ws://127.0.0.1:9229',
  )
})
