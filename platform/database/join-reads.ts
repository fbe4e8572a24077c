import { AsyncResource } from 'node:async_hooks'
import DataLoader from 'dataloader'
import pg from 'pg'
import { asError } from '../errors.ts'

// While these run, further reads wait and then go out together. With one, a slow statement would hold up all others of its
// kind.
const RUNNING_AT_A_TIME = 2
const SLOW_MS = 100
const JOINED_QUESTIONS = 64
// In rows. Larger reads take longer, and the answers of small ones would wait for them.
const LARGEST_JOINED = 100

/** Sends one statement for the questions of several requests, and returns their answers in the same order. */
type ReadTogether<Question, Answer> = (
  pool: pg.Pool,
  questions: readonly Question[],
) => Promise<readonly Answer[]>

/**
 * Joins the reads that requests make at the same time into one statement. On a busy service most of the time of a small
 * statement is spent on sending it, on waking up a process of PostgreSQL, and on starting a transaction. An idle service
 * sends each read at once (docs/decisions/0143-reads-of-requests-joined.md).
 *
 * A read is never answered by a statement that was sent before it, so a request sees everything that was committed before it
 * began.
 *
 * @param read must let each answer depend on its own question only, because the questions belong to different viewers
 * @returns a function that answers a question which asks for at most `size` rows
 */
export function joinReads<Question, Answer>(
  read: ReadTogether<Question, Answer>,
): (pool: pg.Pool, question: Question, size: number) => Promise<Answer> {
  const loaders = new WeakMap<pg.Pool, DataLoader<Question, Answer>>()
  return async (pool, question, size) => {
    if (size > LARGEST_JOINED) return readAlone(read, pool, question)
    const loader = loaders.get(pool) ?? createLoader((questions) => readAll(read, pool, questions))
    loaders.set(pool, loader)
    return loader.load(question)
  }
}

async function readAlone<Question, Answer>(
  read: ReadTogether<Question, Answer>,
  pool: pg.Pool,
  question: Question,
): Promise<Answer> {
  const [answer] = await read(pool, [question])
  if (answer === undefined) throw new Error('a read was not answered')
  return answer
}

async function readAll<Question, Answer>(
  read: ReadTogether<Question, Answer>,
  pool: pg.Pool,
  questions: readonly Question[],
): Promise<readonly (Answer | Error)[]> {
  try {
    return await read(pool, questions)
  } catch (error) {
    // One question has a value that PostgreSQL does not take. It must not fail the requests of others.
    const isData = error instanceof pg.DatabaseError && error.code?.startsWith('22')
    if (!isData || questions.length === 1) throw error
    return Promise.all(questions.map((question) => readAlone(read, pool, question).catch(asError)))
  }
}

function createLoader<Question, Answer>(
  read: (questions: readonly Question[]) => Promise<readonly (Answer | Error)[]>,
): DataLoader<Question, Answer> {
  let running = 0
  const waiting: (() => void)[] = []
  const startNext = () => {
    if (running < RUNNING_AT_A_TIME) waiting.shift()?.()
  }
  /** Takes a place until it is given back. A slow statement gives it back early. */
  const takePlace = () => {
    running++
    const giveBack = () => {
      if (!place) return
      clearTimeout(place)
      place = undefined
      running--
      startNext()
    }
    let place: NodeJS.Timeout | undefined = setTimeout(giveBack, SLOW_MS)
    return giveBack
  }
  const readInPlace = async (questions: readonly Question[]) => {
    const giveBack = takePlace()
    try {
      return await read(questions)
    } finally {
      giveBack()
    }
  }
  return new DataLoader(readInPlace, {
    cache: false,
    maxBatchSize: JOINED_QUESTIONS,
    batchScheduleFn(send) {
      // Traces and logs show it in the request that began it, not in the one that makes room for it.
      const scope = new AsyncResource('joined reads')
      waiting.push(() => scope.runInAsyncScope(send))
      setImmediate(startNext)
    },
  })
}
