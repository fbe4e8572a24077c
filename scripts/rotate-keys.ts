/**
 * Gives a service a new signing key while everything runs: `npm run rotate-keys -- communication`. With `--drop-old`,
 * for a key that was stolen, all tokens that were signed before end.
 */
import path from 'node:path'
import { parseArgs } from 'node:util'
import { ISSUERS } from '../hosting/addresses.ts'
import { commonConfig, readConfig } from '../platform/config.ts'
import { rotateKeys } from '../platform/tokens/rotate-keys.ts'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { 'drop-old': { type: 'boolean', default: false } },
})
const issuer = ISSUERS.find((name) => name === positionals[0])
if (!issuer || positionals.length !== 1) {
  process.stderr.write(`Usage: npm run rotate-keys -- <${ISSUERS.join('|')}> [--drop-old]\n`)
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
      `Still valid: ${kept.length === 0 ? 'no former key' : kept.join(', ')}.`,
      ...(dropped.length > 0 ? [`Dropped: ${dropped.join(', ')}.`] : []),
      '',
    ].join('\n'),
  )
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exit(1)
}
