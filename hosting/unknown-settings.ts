import { ISSUERS } from './services.ts'

/** A variable that looks like a setting, and the setting that was probably meant. */
export type Misspelled = { name: string; nearest: string }

// A variable with one of these prefixes is meant for Moblog.
const OURS = new RegExp(`^(${['moblog', ...ISSUERS].join('|').toUpperCase()})_`)
// Kubernetes sets these in every pod for each service of the namespace, and such a service may have the name of ours.
const OF_KUBERNETES = /_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT_\d+_(TCP|UDP)(_.*)?)$/
// Kubernetes sets such a variable too, but it may also be a misspelled METRICS_PORT.
const MAYBE_OF_KUBERNETES = /_PORT$/
// These are read by `npm run demo` and by the tests.
const NOT_SETTINGS = /^MOBLOG_(URL|TEST_.*)$/
// Short names are similar to too many others: POST is not a misspelled PORT.
const SHORTEST = 8
const MOST_SLIPS = 2

/**
 * Finds variables that look like misspelled settings: they have one of our prefixes, or differ from a setting by one or
 * two typing errors. Variables of other programs are ignored.
 */
export function findMisspelled(env: NodeJS.ProcessEnv, known: readonly string[]): Misspelled[] {
  const isKnown = new Set(known)
  return Object.keys(env).flatMap((name) => {
    if (isKnown.has(name) || NOT_SETTINGS.test(name) || OF_KUBERNETES.test(name)) return []
    const isOurs = OURS.test(name.toUpperCase()) && !MAYBE_OF_KUBERNETES.test(name)
    // Comparing every variable of the environment with every setting would delay the start.
    const similar = known.filter(({ length }) => Math.abs(length - name.length) <= MOST_SLIPS)
    const [nearest, slips] = nearestOf(name.toUpperCase(), isOurs ? known : similar)
    const isSlip = nearest.length >= SHORTEST && slips <= (nearest.length < 12 ? 1 : MOST_SLIPS)
    return isSlip || isOurs ? [{ name, nearest }] : []
  })
}

function nearestOf(name: string, known: readonly string[]): [string, number] {
  let best: [string, number] = ['', Number.POSITIVE_INFINITY]
  for (const candidate of known) {
    const slips = slipsBetween(name, candidate)
    if (slips < best[1]) best = [candidate, slips]
  }
  return best
}

/**
 * Counts the letters that must be added, removed, replaced or swapped with their neighbor (optimal string alignment).
 */
function slipsBetween(one: string, other: string): number {
  const rows = [Array.from({ length: other.length + 1 }, (_, index) => index)]
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY
  for (let i = 1; i <= one.length; i++) {
    const row = [i]
    rows.push(row)
    for (let j = 1; j <= other.length; j++) {
      const replaced = at(i - 1, j - 1) + (one[i - 1] === other[j - 1] ? 0 : 1)
      const isSwapped = one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]
      const swapped = isSwapped ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY
      row.push(Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, replaced, swapped))
    }
  }
  return at(one.length, other.length)
}
