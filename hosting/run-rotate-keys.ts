/**
 * Gives a service a new signing key while everything runs: `npm run rotate-keys -- communication`. With `--drop-old`,
 * for a stolen key, all tokens that older keys signed become invalid.
 */
import path from 'node:path'
import { commonConfig, readConfig } from '../platform/config.ts'
import { rotateKeys } from '../platform/tokens/rotate-keys.ts'
import { readCommandLine } from './command-line.ts'
import { ISSUERS } from './services.ts'

/** Runs the `rotate-keys` command. */
export async function runRotateKeys(): Promise<void> {
  const usage = `npm run rotate-keys -- <${ISSUERS.join('|')}> [--drop-old]`
  const { positionals, values } = readCommandLine({
    usage,
    summary: 'Creates a new signing key for a service, without a restart.',
    takesArguments: true,
    options: { 'drop-old': { type: 'boolean', default: false } },
    optionHelp: [
      '--drop-old     removes the older keys, for example a stolen one: tokens that they signed become invalid',
    ],
    settings: { MOBLOG_DATA_DIR: commonConfig.shape.MOBLOG_DATA_DIR },
  })
  const issuer = ISSUERS.find((name) => name === positionals[0])
  if (!issuer || positionals.length !== 1) {
    process.stderr.write(`Usage: ${usage}\n`)
    process.exit(2)
  }
  const { MOBLOG_DATA_DIR } = readConfig(commonConfig, process.env)
  try {
    const { kid, signsFrom, kept, dropped } = await rotateKeys(path.join(MOBLOG_DATA_DIR, 'keys'), issuer, {
      dropOld: values['drop-old'],
    })
    process.stdout.write(
      [
        `${issuer} signs with the key ${kid} from ${signsFrom.toISOString()} on.`,
        `Older keys that remain valid: ${kept.length === 0 ? 'none' : kept.join(', ')}.`,
        ...(dropped.length > 0 ? [`Removed keys: ${dropped.join(', ')}.`] : []),
        '',
      ].join('\n'),
    )
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
    process.exit(1)
  }
}
