import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { createTestDatabase } from '../../testing/database.ts'
import { eventually } from '../../testing/eventually.ts'
import { createScope, currentScope, runInScope } from '../observability/request-scope.ts'
import { joinReads } from './join-reads.ts'
import { joinReadsById } from './join-reads-by-id.ts'
import { askedBy, joinReadsOfViewers } from './join-reads-of-viewers.ts'

let database: Awaited<ReturnType<typeof createTestDatabase>>
let pool: pg.Pool

beforeAll(async () => {
  database = await createTestDatabase({ schemas: [] })
  pool = new pg.Pool({ connectionString: database.url })
  await pool.query(`CREATE TABLE note (id text PRIMARY KEY, reader uuid, word text NOT NULL);
    INSERT INTO note VALUES ('a', NULL, 'for everyone'), ('b', '${id(1)}', 'for 1'), ('c', '${id(2)}', 'for 2')`)
})

afterAll(async () => {
  await pool.end()
  await database.drop()
})

/** Reads that are answered when the test says so. */
function controlledReads() {
  const statements: { questions: readonly number[]; answer: () => void }[] = []
  const read = joinReads((_pool, questions: readonly number[]) => {
    const { promise, resolve } = Promise.withResolvers<number[]>()
    statements.push({ questions, answer: () => resolve(questions.map((question) => question * 10)) })
    return promise
  })
  const asked = () => statements.map(({ questions }) => questions)
  return { read: (question: number, size = 1) => read(pool, question, size), statements, asked }
}

describe('reads of several requests', () => {
  it('go out together if they come in the same moment', async () => {
    const { read, statements, asked } = controlledReads()
    const answers = Promise.all([read(1), read(2), read(3)])
    await eventually(() => expect(asked()).toEqual([[1, 2, 3]]))
    statements[0]?.answer()
    expect(await answers).toEqual([10, 20, 30])
  })

  it('wait while two statements run, and are not answered by those', async () => {
    const { read, statements, asked } = controlledReads()
    const answers = [read(1)]
    await eventually(() => expect(asked()).toHaveLength(1))
    answers.push(read(2))
    await eventually(() => expect(asked()).toHaveLength(2))
    answers.push(read(1), read(3))
    await sleep(20)
    expect(asked()).toEqual([[1], [2]])
    statements[0]?.answer()
    await eventually(() => expect(asked()).toEqual([[1], [2], [1, 3]]))
    for (const { answer } of statements) answer()
    expect(await Promise.all(answers)).toEqual([10, 20, 10, 30])
  })

  it('do not wait long for slow statements', async () => {
    const { read, statements, asked } = controlledReads()
    const answers = [read(1)]
    await eventually(() => expect(asked()).toHaveLength(1))
    answers.push(read(2))
    await eventually(() => expect(asked()).toHaveLength(2))
    answers.push(read(3))
    await eventually(() => expect(asked()).toEqual([[1], [2], [3]]))
    // Their late answers give no place back a second time: two run, and the next read waits.
    statements[0]?.answer()
    statements[1]?.answer()
    await Promise.all(answers.slice(0, 2))
    answers.push(read(4))
    await eventually(() => expect(asked()).toHaveLength(4))
    answers.push(read(5))
    await sleep(20)
    expect(asked()).toHaveLength(4)
    for (const { answer } of statements) answer()
    await eventually(() => expect(asked()).toHaveLength(5))
    statements[4]?.answer()
    expect(await Promise.all(answers)).toEqual([10, 20, 30, 40, 50])
  })

  it('run in the scope of the first of their requests, whoever makes room for them', async () => {
    const scopes: (string | undefined)[] = []
    const answers: (() => void)[] = []
    const read = joinReads((_pool, questions: readonly number[]) => {
      scopes.push(currentScope()?.requestId)
      const { promise, resolve } = Promise.withResolvers<readonly number[]>()
      answers.push(() => resolve(questions))
      return promise
    })
    const all: Promise<number>[] = []
    for (const name of ['a', 'b', 'c']) {
      all.push(runInScope(createScope(name), () => read(pool, 1, 1)))
      await sleep(10)
    }
    answers[0]?.()
    await eventually(() => expect(scopes).toEqual(['a', 'b', 'c']))
    for (const answer of answers) answer()
    await Promise.all(all)
  })

  it('are at most 64 for each statement, and go out alone if they are large', async () => {
    const { read, statements, asked } = controlledReads()
    const answers = Promise.all([...Array.from({ length: 65 }, (_, index) => read(index)), read(99, 101)])
    await eventually(() => expect(asked().map(({ length }) => length)).toEqual([1, 64, 1]))
    for (const { answer } of statements) answer()
    expect(await answers).toHaveLength(66)
  })
})

describe('a statement for several requests', () => {
  const read = joinReads(async (pool, questions: readonly string[]) => {
    const text = 'SELECT value::timestamptz::date::text AS day FROM unnest($1::text[]) AS asked (value)'
    const { rows } = await pool.query<{ day: string }>(text, [questions])
    return rows.map(({ day }) => day)
  })

  it('fails only the request whose value PostgreSQL does not take', async () => {
    const asked = ['2026-01-01', 'tomorrowish', '2026-01-03'].map((day) => read(pool, day, 1))
    expect(await Promise.allSettled(asked)).toMatchObject([
      { status: 'fulfilled', value: '2026-01-01' },
      { status: 'rejected', reason: { code: '22007' } },
      { status: 'fulfilled', value: '2026-01-03' },
    ])
  })

  it('is not repeated for each request if the database does not answer', async () => {
    let statements = 0
    const lost = joinReads(async () => {
      statements++
      throw new pg.DatabaseError('the database shuts down', 0, 'error')
    })
    const answers = await Promise.allSettled([lost(pool, 1, 1), lost(pool, 2, 1)])
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(statements).toBe(1)
  })
})

test('each request gets the rows whose ids it asked for', async () => {
  const texts: (readonly string[])[] = []
  const read = joinReadsById(async (pool, ids) => {
    texts.push(ids)
    const statement = 'SELECT id, word FROM note WHERE id = ANY ($1)'
    return (await pool.query<{ id: string; word: string }>(statement, [ids])).rows
  })
  const [first, second, none] = await Promise.all([
    read(pool, ['a', 'b']),
    read(pool, ['c', 'b', 'x']),
    read(pool, ['x']),
  ])
  expect(texts).toEqual([['a', 'b', 'c', 'x']])
  expect(first.map(({ word }) => word)).toEqual(['for everyone', 'for 1'])
  expect(second.map(({ word }) => word)).toEqual(['for 2', 'for 1'])
  expect(none).toEqual([])
})

test('each viewer gets the rows that they may see', async () => {
  let statements = 0
  const counted = new Proxy(pool, {
    get(target, name) {
      if (name === 'query') statements++
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  const readNotes = joinReadsOfViewers<{ word: string }>({
    name: 'notes',
    text: `SELECT asked.question, note.word FROM ${askedBy('text')} JOIN note ON note.id = asked.value
      WHERE note.reader IS NULL OR note.reader = asked.viewer`,
  })
  const viewers = [id(1), null, id(2), id(1), id(3)]
  const answers = await Promise.all(
    viewers.map(async (viewer, index) => {
      const rows = await readNotes(counted, viewer, index === 3 ? ['c', 'b'] : ['a', 'b', 'c'])
      return rows.map(({ word }) => word).toSorted()
    }),
  )
  expect(answers).toEqual([
    ['for 1', 'for everyone'],
    ['for everyone'],
    ['for 2', 'for everyone'],
    ['for 1'],
    ['for everyone'],
  ])
  expect(statements).toBe(1)
})

function id(number: number): string {
  return `00000000-0000-0000-0000-00000000000${number}`
}
