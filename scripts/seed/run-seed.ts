/**
 * Fills a running product with sample users and posts: `npm run seed`, or `npm run seed -- --url http://localhost:4000`.
 * It uses only the public API. The start page of the web client then offers the accounts in development.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import { gatewayConfig } from '../../gateway/config.ts'
import { type SampleAccount, sampleAccountsFile } from '../../gateway/web-client/sample-accounts.ts'
import { readCommandLine } from '../../hosting/command-line.ts'
import { readConfig } from '../../platform/config.ts'
import { createSampleWorld, SampleHandleTaken } from './sample-world.ts'

/** Runs the `seed` command. */
export async function runSeed(): Promise<void> {
  const { values } = readCommandLine({
    usage: 'npm run seed -- [--url http://localhost:4000]',
    summary: 'Fills a running product with sample users, posts, media and comments, and prints the accounts.',
    options: {
      url: { type: 'string' },
    },
    optionHelp: ['--url ADDRESS  the product to fill; http://localhost:4000 unless set'],
    settings: { MOBLOG_DATA_DIR: gatewayConfig.shape.MOBLOG_DATA_DIR, PORT: gatewayConfig.shape.PORT },
  })
  const { MOBLOG_DATA_DIR, PORT } = readConfig(gatewayConfig, process.env)
  const origin = (values.url ?? `http://localhost:${PORT}`).replace(/\/(graphql)?$/, '')
  if (!(await fetch(`${origin}/livez`).catch(() => null))?.ok) {
    console.error(
      `Moblog does not answer at ${origin}. Start it with npm start, or give its address with --url.`,
    )
    process.exitCode = 1
    return
  }
  const accounts = await createSampleWorld(`${origin}/graphql`, (line) => console.log(line)).catch(
    (error: unknown) => {
      if (!(error instanceof SampleHandleTaken)) throw error
      console.error(error.message)
      return null
    },
  )
  if (!accounts) {
    process.exitCode = 1
    return
  }
  await mkdir(MOBLOG_DATA_DIR, { recursive: true })
  await writeFile(sampleAccountsFile(MOBLOG_DATA_DIR), `${JSON.stringify(accounts, null, 2)}\n`)
  console.log('\nSample accounts:\n')
  for (const { handle, password, displayName, note } of accounts) {
    console.log(`  ${handle.padEnd(12)} ${password}   ${displayName}: ${note}`)
  }
  console.log(
    (await startPageOffers(origin, accounts))
      ? `\nOpen ${origin}/ and choose one.`
      : `\nSign in at ${origin}/ with one of them. The start page does not offer them: it does in development only, and only if the seed has the MOBLOG_DATA_DIR that the product has.`,
  )
}

/** Whether the start page offers these accounts, which it reads from the product's own data folder. */
async function startPageOffers(origin: string, accounts: readonly SampleAccount[]): Promise<boolean> {
  const response = await fetch(`${origin}/sample-accounts.json`)
  return response.ok && isDeepStrictEqual(await response.json(), accounts)
}
