import { deepStrictEqual } from 'node:assert/strict'

type Page = {
  userByHandle: { moblog: { posts: { edges: { node: { media: { access: unknown }[] } }[] } } }
}

/**
 * Refuses to go on unless all answers are the same apart from tokens and the instants at which those end, and hold
 * as many posts and playable media as they should.
 *
 * @param answers `data` of the friend's query, by who gave it
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
