/** What is wrong with a file of captions: the name of a text in `messages.ts`. */
export type CaptionsProblem = {
  line: number
  kind:
    | 'captionsEmpty'
    | 'captionsNoTime'
    | 'captionsOrder'
    | 'captionsNoGap'
    | 'captionsLong'
    | 'captionsMany'
    | 'captionsNoText'
}

type Block = { line: number; lines: string[] }

// The rules of the server (subgraphs/storage/captions/parse-captions.ts). A test there compares both.
const MOST_CUES = 10_000
const MOST_CUE_CHARACTERS = 10_000
const timing = (time: string) => new RegExp(String.raw`^${time}[ \t]*-->[ \t]*${time}(?:[ \t].*)?$`)
const VTT_TIMING = timing(String.raw`(?:(\d{2,3}):)?([0-5]\d):([0-5]\d)\.(\d{3})`)
const SRT_TIMING = timing(String.raw`(\d{1,3}):([0-5]\d):([0-5]\d)[,.](\d{1,3})`)
const SIGNATURE = /^WEBVTT(?:[ \t].*)?$/
const NOT_CUES = /^(?:NOTE(?:[ \t].*)?|(?:STYLE|REGION)[ \t]*)$/
const TAG = /<(?:\/?[a-z][^<>]*|\d[\d:.]*)>/gi

/** Finds what the server would refuse in a file of captions, as far as this is known before it is sent; null if it is fine. */
export function captionsProblem(content: string): CaptionsProblem | null {
  const file = content
    .replace(/^\ufeff/, '')
    .replace(/\r\n?/g, '\n')
    .trimEnd()
  const isVtt = SIGNATURE.test(file.split('\n', 1)[0] ?? '')
  const blocks = isVtt ? blocksOf(file, (line) => line === '') : srtBlocks(file)
  const [first] = blocks
  if (!first) return { line: 1, kind: 'captionsEmpty' }
  let shown = 0
  for (const block of isVtt ? blocks.slice(1) : blocks) {
    if (isVtt && NOT_CUES.test(block.lines[0] ?? '') && !block.lines.some(isTiming)) continue
    const cue = readCue(block, isVtt ? VTT_TIMING : SRT_TIMING)
    if (typeof cue === 'object') return cue
    if (cue) shown += 1
    if (shown > MOST_CUES) return { line: block.line, kind: 'captionsMany' }
  }
  if (isVtt && first.lines.some(isTiming)) return { line: first.line + 1, kind: 'captionsNoGap' }
  return shown === 0 ? { line: 1, kind: 'captionsNoText' } : null
}

function srtBlocks(file: string): Block[] {
  const cues: Block[] = []
  for (const block of blocksOf(file, (line) => line.trim() === '')) {
    const cue = cues.at(-1)
    if (!cue || block.lines.slice(0, 2).some(isTiming)) cues.push(block)
    else for (const line of block.lines) cue.lines.push(line)
  }
  return cues
}

function blocksOf(file: string, isEmpty: (line: string) => boolean): Block[] {
  const blocks: Block[] = []
  let block: Block | null = null
  for (const [index, text] of file.split('\n').entries()) {
    if (isEmpty(text)) block = null
    else if (block) block.lines.push(text)
    else {
      block = { line: index + 1, lines: [text] }
      blocks.push(block)
    }
  }
  return blocks
}

/** Whether a cue is ever shown, or what is wrong with it. */
function readCue({ line, lines }: Block, pattern: RegExp): boolean | CaptionsProblem {
  const at = isTiming(lines[0] ?? '') ? 0 : 1
  const match = pattern.exec((lines[at] ?? '').trim())
  if (!match) return { line: line + at, kind: 'captionsNoTime' }
  const [start, end] = [milliseconds(match.slice(1, 5)), milliseconds(match.slice(5, 9))]
  if (end < start) return { line: line + at, kind: 'captionsOrder' }
  const texts = lines.slice(at + 1)
  const next = texts.findIndex(isTiming)
  if (next >= 0) return { line: line + at + 1 + next, kind: 'captionsNoGap' }
  if (texts.reduce((length, text) => length + text.length, 0) > MOST_CUE_CHARACTERS)
    return { line: line + at, kind: 'captionsLong' }
  return end > start && texts.some((text) => text.replace(TAG, '').trim() !== '')
}

const isTiming = (line: string): boolean => line.includes('-->')

function milliseconds([hours = '0', minutes = '0', seconds = '0', rest = '0']: (
  | string
  | undefined
)[]): number {
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(rest)
}
