import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

const source = readFileSync(new URL('./browser/moblog.js', import.meta.url))
const version = createHash('sha256').update(source).digest('hex').slice(0, 12)

/** The script behind the pages' custom tags, at an address that changes with it, so that it may be kept for ever. */
export const PAGE_SCRIPT = { path: `-/moblog.${version}.js`, source }
