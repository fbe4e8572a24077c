import { readdirSync, readFileSync } from 'node:fs'
import { jest } from '@jest/globals'
import { Client, type Exchange, gql, makeErrorResult, type Operation } from '@urql/core'
import { buildSchema, getNamedType, parse, TypeInfo, visit, visitWithTypeInfo } from 'graphql'
import { map, pipe } from 'wonka'
import * as documents from '../../../generated/graphql/web.ts'
import { hideExpired, withoutExpired } from './hide-expired.ts'

const NOW = Date.parse('2026-11-26T12:00:00Z')
const at = (seconds: number) => new Date(NOW + seconds * 1_000).toISOString()
const post = (id: string, expiresAt: string | null) => ({ __typename: 'Post', id, text: id, expiresAt })
const listOf = (...posts: unknown[]) => ({
  feed: { edges: posts.map((node) => ({ __typename: 'PostEdge', node })) },
})

describe('expired posts', () => {
  it('are left out of lists, and are null elsewhere', () => {
    const old = post('old', at(-1))
    const data = {
      ...listOf(post('a', null), old, post('b', at(60))),
      post: old,
      inbox: [{ __typename: 'PostLiked', post: old, by: null }],
      posts: [old, post('a', null)],
    }
    expect(withoutExpired(data, NOW)).toEqual({
      value: {
        ...listOf(post('a', null), post('b', at(60))),
        post: null,
        inbox: [{ __typename: 'PostLiked', post: null, by: null }],
        posts: [post('a', null)],
      },
      nextExpiry: NOW + 60_000,
    })
  })

  it('change nothing if there are none', () => {
    const data = {
      ...listOf(post('a', null), post('b', at(1))),
      media: { expiresAt: at(-1) },
      places: [null],
    }
    expect(withoutExpired(data, NOW).value).toBe(data)
  })

  /** Shows a list, and returns what it has shown so far. */
  function show(page: EventTarget, ...posts: unknown[]) {
    const answer: Exchange = () => (operations) =>
      pipe(
        operations,
        map((operation: Operation) => ({
          ...makeErrorResult(operation, new Error()),
          error: undefined as never,
          data: listOf(...posts),
        })),
      )
    const client = new Client({
      url: 'http://moblog.test/graphql',
      preferGetMethod: false,
      exchanges: [hideExpired(Date.now, page), answer],
    })
    const shown: unknown[] = []
    const { unsubscribe } = client
      .query(gql`{ feed { id } }`, {})
      .subscribe(
        ({ data }) => void shown.push(data.feed.edges.map((edge: { node: { id: string } }) => edge.node.id)),
      )
    return { shown, unsubscribe }
  }

  it('disappear from what is on the screen at their time, whatever their result came from', () => {
    jest.useFakeTimers({ now: NOW })
    const posts = [post('a', null), post('b', at(10)), post('c', at(20))]
    const { shown, unsubscribe } = show(new EventTarget(), ...posts)
    expect(shown).toEqual([['a', 'b', 'c']])
    jest.advanceTimersByTime(9_999)
    expect(shown).toHaveLength(1)
    jest.advanceTimersByTime(1)
    expect(shown.at(-1)).toEqual(['a', 'c'])
    unsubscribe()
    jest.advanceTimersByTime(60_000)
    expect(shown).toHaveLength(2)
    expect(jest.getTimerCount()).toBe(0)
    jest.useRealTimers()
  })

  it('disappear when the page is shown again, or soon, after the device has slept', () => {
    jest.useFakeTimers({ now: NOW })
    const page = new EventTarget()
    const { shown } = show(page, post('a', null), post('b', at(1_000)), post('c', at(2_000)))
    page.dispatchEvent(new Event('visibilitychange'))
    jest.advanceTimersByTime(200_000)
    expect(shown).toEqual([['a', 'b', 'c']])
    // The clock goes on, but no timer does.
    jest.setSystemTime(NOW + 1_000_000)
    page.dispatchEvent(new Event('visibilitychange'))
    expect(shown.at(-1)).toEqual(['a', 'c'])
    jest.setSystemTime(NOW + 2_000_000)
    jest.advanceTimersByTime(60_000)
    expect(shown.at(-1)).toEqual(['a'])
    jest.useRealTimers()
  })

  it('are recognized in everything that the client reads of posts', () => {
    const schema = buildSchema(readFileSync(new URL('../../../schema/api.graphql', import.meta.url), 'utf8'))
    const missing = usedDocuments().flatMap(([name, text]) => {
      const types = new TypeInfo(schema)
      const found: string[] = []
      visit(
        parse(text),
        visitWithTypeInfo(types, {
          SelectionSet(node) {
            const type = getNamedType(types.getType() ?? undefined)
            const fields = node.selections.map((each) =>
              each.kind === 'Field' ? each.name.value : each.kind,
            )
            if (type?.name === 'Post' && fields.includes('text') && !fields.includes('expiresAt'))
              found.push(name)
          },
        }),
      )
      return found
    })
    expect(missing).toEqual([])
  })
})

/** The operations that the sources of the client name. */
function usedDocuments(): [string, string][] {
  const folder = new URL('../', import.meta.url)
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .join('\n')
  return Object.entries(documents).flatMap(([name, text]): [string, string][] =>
    typeof text === 'string' && sources.includes(name) ? [[name, text]] : [],
  )
}
