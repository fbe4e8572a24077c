import { deepStrictEqual } from 'node:assert/strict'

type Page = {
  userByHandle: { moblog: { posts: { edges: { node: { media: { access: unknown }[] } }[] } } }
}

/**
 * Throws unless all answers are equal apart from tokens and their expiry, and contain the expected number of posts and
 * playable media.
 *
 * @param answers `data` of the friend's query, by variant
 */
export function requireSameAnswers(answers: Record<string, Record<string, unknown>>, count: number): void {
  for (const [name, data] of Object.entries(answers)) {
    const { edges } = (data as Page).userByHandle.moblog.posts
    const playable = edges.flatMap(({ node }) => node.media).filter(({ access }) => access !== null)
    if (edges.length === count && playable.length === count) continue
    throw new Error(`${name} shows ${edges.length} posts and ${playable.length} playable media, not ${count}`)
  }
  const [[firstName = '', first] = [], ...others] = Object.entries(answers)
  for (const [name, other] of others) {
    deepStrictEqual(withoutTokens(other), withoutTokens(first), `${name} answers other than ${firstName}`)
  }
}

function withoutTokens(data: unknown): unknown {
  const plain = JSON.stringify(data, (key, value) => {
    if (key === 'token' || key === 'expiresAt') return '…'
    return typeof value === 'string' ? value.replace(/\/(v|m)\/[^/]+/, '/$1/…') : value
  })
  return JSON.parse(plain)
}
