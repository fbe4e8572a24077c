import { readdirSync, readFileSync } from 'node:fs'
import { z } from 'zod'

/** A decision to break the API, from a file such as `schema/approvals/2026-11-26-rename-media-states.md`. */
export type Approval = {
  file: string
  /** When it was approved, as `YYYY-MM-DD`. */
  approved: string
  /** The first day on which a release may lack the old elements. */
  removal: string
  /** When `npm run release-schema` released it; null while it is open. */
  released: string | null
  reason: string
  /** The exact descriptions of the approved changes. */
  changes: string[]
}

export const APPROVALS_FOLDER = new URL('../approvals/', import.meta.url)

const FrontMatter = z.strictObject({
  approved: z.iso.date(),
  removal: z.iso.date(),
  released: z.iso.date().optional(),
})

/** Reads all approvals, the oldest first. */
export function readApprovals(): Approval[] {
  const files = readdirSync(APPROVALS_FOLDER).filter((name) => /^\d.*\.md$/.test(name))
  return files
    .sort()
    .map((file) => parseApproval(file, readFileSync(new URL(file, APPROVALS_FOLDER), 'utf8')))
}

/**
 * Reads the text of an approval.
 *
 * @throws Error that names the file and what is missing
 */
export function parseApproval(file: string, text: string): Approval {
  const [, head = ''] = /^---\n(.*?)\n---\n/s.exec(text) ?? []
  const lines = head.split('\n').map((line) => line.split(': '))
  const dates = FrontMatter.safeParse(Object.fromEntries(lines))
  if (!dates.success) throw new Error(`${file}: the front matter is wrong: ${z.prettifyError(dates.error)}`)
  const { approved, removal, released = null } = dates.data
  if (!file.startsWith(`${approved}-`)) throw new Error(`${file}: the name does not begin with ${approved}-`)
  if (removal < approved) throw new Error(`${file}: the removal is before the approval`)
  const reason = sectionOf(text, 'Reason')
  if (!reason) throw new Error(`${file}: the section "Reason" is missing or empty`)
  const changes = [...sectionOf(text, 'Changes').matchAll(/^- (.+)$/gm)].map(([, change = '']) => change)
  if (changes.length === 0) throw new Error(`${file}: the section "Changes" lists no change`)
  return { file, approved, removal, released, reason, changes }
}

/** Adds the day of the release to the text of an open approval. */
export function markReleased(text: string, day: string): string {
  return text.replace(/^removal: .*$/m, `$&\nreleased: ${day}`)
}

function sectionOf(text: string, heading: string): string {
  const [, section = ''] = text.split(`\n## ${heading}\n`)
  return (section.split('\n## ')[0] ?? '').trim()
}
