/**
 * Shows the product's main flow in the terminal: `npm run demo`, or `npm run demo -- film.mp4 --url
 * http://localhost:4000`. Without an address (`--url` or MOBLOG_URL) it starts a temporary product and removes it
 * afterwards. The exit status is 0 if all steps succeed, otherwise 1, with a sentence that states which step failed.
 */
import { readCommandLine } from '../../hosting/command-line.ts'
import { DemoAssertionError } from './demo-assertion.ts'
import { openFilm } from './film.ts'
import { openStage } from './stage.ts'
import { tellStory } from './story.ts'
import { createTerminal } from './terminal.ts'

/** Runs the `demo` command. */
export async function runDemo(): Promise<void> {
  const { values, positionals } = readCommandLine({
    usage: 'npm run demo -- [file] [--url http://localhost:4000]',
    summary:
      'Shows the main flow in the terminal: two users become friends, one shares a file, the other plays it.',
    takesArguments: true,
    options: { url: { type: 'string' } },
    optionHelp: [
      '--url <address>  the address of a running Moblog (default: MOBLOG_URL, or a temporary Moblog)',
    ],
    settings: {},
  })
  const terminal = createTerminal(process.stdout)
  const undo: (() => Promise<void>)[] = []

  async function cleanUp(): Promise<void> {
    while (undo.length > 0) await undo.pop()?.()
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => void cleanUp().finally(() => process.exit(130)))

  try {
    terminal.title('Moblog: one user shares a file, a friend plays it')
    const film = await openFilm(positionals[0])
    undo.push(film.close)
    const stage = await openStage(values.url ?? process.env.MOBLOG_URL)
    undo.push(stage.close)
    terminal.note(`on ${stage.description}`)
    await tellStory(stage.url, film, terminal)
    terminal.title('All steps succeeded.\n')
  } catch (error) {
    terminal.cross(
      error instanceof DemoAssertionError
        ? error.message
        : `Unexpected error: ${error instanceof Error ? error.message : error}`,
    )
    process.exitCode = 1
  } finally {
    await cleanUp()
  }
}
