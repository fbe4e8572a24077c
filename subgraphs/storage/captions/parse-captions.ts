import { pauses } from '../../../platform/pauses.ts'
import type { CaptionsProblem, Cue } from './cue.ts'
import { cueText } from './cue-text.ts'

// More than the subtitles of any film.
const MAX_CUES = 10_000
// More than fits on any screen. It bounds the time for one cue, after which other requests get their turn.
const MAX_CUE_CHARACTERS = 10_000

// WebVTT, §4.1: minutes and seconds have two digits, hours at least two. SRT has a comma, and programs differ in zeros;
// players read what follows the comma as a number of milliseconds.
const VTT_TIME = String.raw`(?:(\d{2,3}):)?([0-5]\d):([0-5]\d)\.(\d{3})`
const SRT_TIME = String.raw`(\d{1,3}):([0-5]\d):([0-5]\d)[,.](\d{1,3})`
const timing = (time: string) => new RegExp(String.raw`^${time}[ \t]*-->[ \t]*${time}(?:[ \t].*)?$`)
const VTT_TIMING = timing(VTT_TIME)
const SRT_TIMING = timing(SRT_TIME)
const SIGNATURE = /^WEBVTT(?:[ \t].*)?$/
const NOT_CUES = /^(?:NOTE(?:[ \t].*)?|(?:STYLE|REGION)[ \t]*)$/
const ARROW = '-->'

type Block = { line: number; lines: string[] }

/**
 * Parses a WebVTT or SRT file. A file with the signature of WebVTT is WebVTT, and every other file is SRT. Styles,
 * regions, comments, names of cues and their positions are left out. Everything that is neither these nor a cue is a
 * problem, so a file is either understood as a whole or refused. Other requests run between the cues.
 *
 * @param file the content, with `\n` as the only line end and without a byte order mark
 * @returns the cues in the order in which they start
 */
export async function parseCaptions(file: string): Promise<Cue[] | CaptionsProblem> {
  const isVtt = SIGNATURE.test(file.split('\n', 1)[0] ?? '')
  const blocks = isVtt ? vttBlocks(file) : srtBlocks(file)
  const [first, ...rest] = blocks
  if (!first) return { line: 1, problem: 'the file is empty' }
  const cues: Cue[] = []
  const pause = pauses()
  // The block with the signature may contain more lines of the header.
  for (const block of isVtt ? rest : blocks) {
    await pause()
    if (isVtt && NOT_CUES.test(block.lines[0] ?? '') && !block.lines.some(isTiming)) continue
    const cue = readCue(block, isVtt ? VTT_TIMING : SRT_TIMING)
    if ('problem' in cue) return cue
    // A cue without a duration is never shown.
    if (cue.text !== '' && cue.end > cue.start) cues.push(cue)
    if (cues.length > MAX_CUES) {
      return { line: block.line, problem: `the file has more than ${MAX_CUES} cues. Remove some` }
    }
  }
  if (isVtt && first.lines.some(isTiming)) {
    return { line: first.line + 1, problem: 'an empty line is missing after the first line' }
  }
  if (cues.length === 0) return { line: 1, problem: 'the file has no cue with a text' }
  return cues.sort((one, other) => one.start - other.start || one.end - other.end)
}

// WebVTT, §6.1: only a line without characters ends a block. Automatic captions have lines of one space.
const vttBlocks = (file: string) => blocksOf(file, (line) => line === '')

// A cue of SRT ends where the next one begins, so its text may contain empty lines.
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

function readCue({ line, lines }: Block, pattern: RegExp): Cue | CaptionsProblem {
  const at = isTiming(lines[0] ?? '') ? 0 : 1
  const match = pattern.exec((lines[at] ?? '').trim())
  if (!match) return { line: line + at, problem: 'a line such as 00:00:01.000 --> 00:00:02.500 is missing' }
  const [start, end] = [milliseconds(match.slice(1, 5)), milliseconds(match.slice(5, 9))]
  if (end < start) return { line: line + at, problem: 'the cue ends before it starts' }
  const texts = lines.slice(at + 1)
  const next = texts.findIndex(isTiming)
  if (next >= 0) return { line: line + at + 1 + next, problem: 'an empty line is missing before the cue' }
  if (texts.reduce((length, text) => length + text.length, 0) > MAX_CUE_CHARACTERS) {
    return { line: line + at, problem: `the cue has more than ${MAX_CUE_CHARACTERS} characters` }
  }
  return { start, end, text: cueText(texts) }
}

function isTiming(line: string): boolean {
  return line.includes(ARROW)
}

function milliseconds([hours = '0', minutes = '0', seconds = '0', rest = '0']: (
  | string
  | undefined
)[]): number {
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(rest)
}
