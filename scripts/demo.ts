/**
 * Tells the product's story in the terminal: `npm run demo`, or `npm run demo -- film.mp4 --url http://localhost:4000`.
 * Without an address (`--url` or MOBLOG_URL) it starts a product of its own and removes it afterwards. Ends with 0 when
 * all of it came true, else with 1 and a sentence that says what did not.
 */
import { parseArgs } from 'node:util'
import { openFilm } from './demo/film.ts'
import { NotSo } from './demo/not-so.ts'
import { openStage } from './demo/stage.ts'
import { tellStory } from './demo/story.ts'
import { createTerminal } from './demo/terminal.ts'

const USAGE = 'npm run demo -- [file] [--url http://localhost:4000]'

const terminal = createTerminal(process.stdout)
const undo: (() => Promise<void>)[] = []

async function cleanUp(): Promise<void> {
  while (undo.length > 0) await undo.pop()?.()
}

process.once('SIGINT', () => void cleanUp().finally(() => process.exit(130)))

try {
  const { values, positionals } = readArguments()
  if (values.help) {
    terminal.title(USAGE)
  } else {
    terminal.title('Moblog: one user shares a file, a friend plays it')
    const film = await openFilm(positionals[0])
    undo.push(film.close)
    const stage = await openStage(values.url ?? process.env.MOBLOG_URL)
    undo.push(stage.close)
    terminal.note(`on ${stage.description}`)
    await tellStory(stage.url, film, terminal)
    terminal.title('All of it is so.\n')
  }
} catch (error) {
  terminal.cross(
    error instanceof NotSo ? error.message : `Not so: ${error instanceof Error ? error.message : error}`,
  )
  process.exitCode = 1
} finally {
  await cleanUp()
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { url: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    })
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split('. ')
    throw new NotSo(`${reason}. Use it like this: ${USAGE}`)
  }
}
