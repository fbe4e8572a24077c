const ENTITY = /&(amp|lt|gt|nbsp|lrm|rlm);/g
const MEANING: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  nbsp: '\u00a0',
  lrm: '\u200e',
  rlm: '\u200f',
}
const KEPT = /^(\/?)([biu])(?:[\s.]|$)/i
// What looks like a tag: a name or a time between angle brackets. Every other bracket is part of the text.
const TAG = /^(?:\/?[a-z]|\d[\d:.]*$)/i

/**
 * Returns the text of a cue in WebVTT: the tags `b`, `i` and `u` in pairs, and everything else as escaped text. All
 * other tags are removed, such as those for speakers, classes, fonts and times; their content stays.
 *
 * @param lines the lines of the cue in WebVTT or SRT
 * @returns the lines that show anything, joined; empty if none does
 */
export function cueText(lines: readonly string[]): string {
  const open: string[] = []
  const shown: string[] = []
  for (const line of lines) {
    const before = [...open]
    const text = lineText(line.trim(), open)
    if (withoutTags(text).trim() !== '') shown.push(text)
    // The tags of a line that shows nothing are not written.
    else open.splice(0, open.length, ...before)
  }
  if (shown.length === 0) return ''
  return shown.join('\n') + open.toReversed().map(closing).join('')
}

// Without regular expressions that go back, because a line may have a million characters.
function lineText(line: string, open: string[]): string {
  let text = ''
  let from = 0
  let end = -1
  for (let start = line.indexOf('<'); start >= 0; ) {
    if (end <= start) end = line.indexOf('>', start)
    if (end < 0) break
    const next = line.indexOf('<', start + 1)
    const tag = next < 0 || next > end ? line.slice(start + 1, end) : ''
    if (TAG.test(tag)) {
      text += escaped(line.slice(from, start)) + change(open, tag)
      from = end + 1
    }
    start = next
  }
  return text + escaped(line.slice(from))
}

/** Opens or closes a tag; a tag that is closed also closes the tags inside it. */
function change(open: string[], tag: string): string {
  const [, slash, written = ''] = KEPT.exec(tag) ?? []
  const name = written.toLowerCase()
  const at = open.lastIndexOf(name)
  if (slash === undefined) return ''
  if (slash === '/') return at < 0 ? '' : open.splice(at).toReversed().map(closing).join('')
  if (at >= 0) return ''
  open.push(name)
  return `<${name}>`
}

const closing = (name: string) => `</${name}>`

const withoutTags = (text: string) => text.replace(/<[^>]*>/g, '')

function escaped(text: string): string {
  return text
    .replace(ENTITY, (entity, name: string) => MEANING[name] ?? entity)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}
