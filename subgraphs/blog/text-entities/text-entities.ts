import { type FoundHashtag, findHashtags, hashtagKey } from './find-hashtags.ts'
import { findLinks } from './find-links.ts'
import { type FoundMention, findMentions } from './find-mentions.ts'

/** A part of a text that leads somewhere. `start` and `length` count UTF-16 code units. */
export type FoundEntity =
  | { kind: 'link'; start: number; length: number; url: string }
  | ({ kind: 'hashtag'; key: string } & FoundHashtag)
  | ({ kind: 'mention' } & FoundMention)

type Candidate = Exclude<FoundEntity, { kind: 'hashtag' }> | ({ kind: 'hashtag' } & FoundHashtag)

/** The most entities, different hashtags and mentions of one text. What comes after them is plain text. */
const MAX_ENTITIES = 100
const MAX_HASHTAGS = 30
const MAX_MENTIONS = 20

/** Finds the links, hashtags and mentions in a text, in its order. They do not overlap. */
export function findEntities(text: string): FoundEntity[] {
  const links = findLinks(text, MAX_ENTITIES).map(({ start, address }) => {
    return { kind: 'link' as const, start, length: address.length, url: address }
  })
  const hashtags = findHashtags(text).map((found) => ({ kind: 'hashtag' as const, ...found }))
  const mentions = findMentions(text).map((found) => ({ kind: 'mention' as const, ...found }))
  return bounded(outsideOfLinks([...links, ...hashtags, ...mentions].sort(inOrder)))
}

/** The keys of the different hashtags in a text. */
export function hashtagsOf(text: string): string[] {
  return [...new Set(findEntities(text).flatMap((entity) => (entity.kind === 'hashtag' ? [entity.key] : [])))]
}

/** The different handles that a text mentions, in lower case. Whether users have them is not known here. */
export function handlesIn(text: string): string[] {
  return [
    ...new Set(findEntities(text).flatMap((entity) => (entity.kind === 'mention' ? [entity.handle] : []))),
  ]
}

function inOrder(one: Candidate, other: Candidate): number {
  return one.start - other.start
}

/** Leaves out what overlaps a link: an address may contain any sign. Hashtags and mentions never overlap each other. */
function outsideOfLinks(found: readonly Candidate[]): Candidate[] {
  const starts = found.filter(({ kind }) => kind === 'link').map(({ start }) => start)
  let next = 0
  let end = 0
  return found.filter(({ kind, start, length }) => {
    if (kind === 'link') {
      next++
      end = start + length
      return true
    }
    return start >= end && start + length <= (starts[next] ?? Number.POSITIVE_INFINITY)
  })
}

// When a text has enough different hashtags, only repetitions of them are looked for, exactly as they were written. So
// few hashtags are folded, which takes the longest of all.
function bounded(found: readonly Candidate[]): FoundEntity[] {
  const kept: FoundEntity[] = []
  const keys = new Map<string, string | null>()
  const distinct = new Set<string>()
  let mentions = 0
  for (const entity of found) {
    if (kept.length === MAX_ENTITIES) break
    if (entity.kind === 'link') kept.push(entity)
    else if (entity.kind === 'mention') mentions++ < MAX_MENTIONS && kept.push(entity)
    else {
      const { tag } = entity
      if (!keys.has(tag) && distinct.size < MAX_HASHTAGS) keys.set(tag, hashtagKey(tag))
      const key = keys.get(tag)
      if (key) kept.push({ ...entity, key })
      if (key) distinct.add(key)
    }
  }
  return kept
}
