import type { AnyVariables, OperationContext } from '@urql/core'
import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type { Document } from '../../../generated/graphql/web.ts'
import { api } from './client.ts'
import { type Problem, problemOf } from './problem.ts'
import { Reconnection } from './reconnection.ts'

/** A page of a list, as the API returns all lists. */
export type Connection<Node> = {
  edges: readonly { node: Node }[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

type Page<Data> = { after: string | null; data: Data | null; subscription: { unsubscribe(): void } }

/**
 * Reads a list page by page. Each page continues after the end of the page before it: if that end moves, because
 * something was added or removed, the next page is read again.
 */
export class PagedQuery<Data, Variables extends AnyVariables, Node extends { id: string }>
  implements ReactiveController
{
  problem: Problem | null = null
  isLoading = true
  #pages: Page<Data>[] = []
  #current: string | null = null
  readonly #reconnection = new Reconnection(() => this.refresh())
  readonly #host: ReactiveControllerHost
  readonly #document: Document<Data, Variables & { after?: string | null }>
  readonly #variables: () => Variables | null
  readonly #listIn: (data: Data) => Connection<Node> | null | undefined

  constructor(
    host: ReactiveControllerHost,
    document: Document<Data, Variables & { after?: string | null }>,
    variables: () => Variables | null,
    listIn: (data: Data) => Connection<Node> | null | undefined,
  ) {
    this.#host = host
    this.#document = document
    this.#variables = variables
    this.#listIn = listIn
    host.addController(this)
  }

  /** The data of the first page, for what is around the list. Null until it arrives. */
  get first(): Data | null {
    return this.#pages[0]?.data ?? null
  }

  /** The items of all pages, each once. Null until the first page arrives. */
  get items(): Node[] | null {
    if (!this.first) return null
    const nodes = this.#pages.flatMap((page) => this.#listOf(page)?.edges.map(({ node }) => node) ?? [])
    return [...new Map(nodes.map((node) => [node.id, node])).values()]
  }

  get hasMore(): boolean {
    const last = this.#pages.at(-1)
    return last?.data != null && this.#listOf(last)?.pageInfo.hasNextPage === true
  }

  hostUpdate(): void {
    const text = JSON.stringify(this.#variables())
    if (text === this.#current) return
    this.#close()
    this.#current = text
    this.#open(0, null)
  }

  hostDisconnected(): void {
    this.#close()
    this.#current = null
  }

  /** Reads the next page. */
  more(): void {
    const last = this.#pages.at(-1)
    const end = last && this.#listOf(last)?.pageInfo
    if (!this.isLoading && end?.hasNextPage) this.#open(this.#pages.length, end.endCursor)
  }

  /** Asks the server for the first page again. A later one that could not be read is read when the user comes to the end. */
  refresh(): void {
    while (this.#pages.length > 1 && !this.#pages.at(-1)?.data) this.#pages.pop()?.subscription.unsubscribe()
    this.#open(0, null, { requestPolicy: 'network-only' })
  }

  #open(index: number, after: string | null, context: Partial<OperationContext> = {}): void {
    const given = this.#variables()
    if (given === null) return
    const before = this.#pages[index]
    before?.subscription.unsubscribe()
    this.isLoading = true
    const page: Page<Data> = { after, data: before?.data ?? null, subscription: { unsubscribe() {} } }
    this.#pages[index] = page
    const variables = after === null ? given : { ...given, after }
    page.subscription = api()
      .query<Data, AnyVariables>(this.#document, variables, context)
      .subscribe(({ data, error, stale }) => {
        // Without a connection, the cache may still have changed meanwhile, for example by a post that waits to be sent.
        page.data = data ?? (error && this.#keptData(variables)) ?? page.data
        this.problem = error ? problemOf(error) : null
        this.#reconnection.note(this.problem)
        this.isLoading = stale
        this.#continue(index)
        this.#host.requestUpdate()
      })
  }

  #keptData(variables: AnyVariables): Data | undefined {
    const context = { requestPolicy: 'cache-only' } as const
    return api().readQuery<Data, AnyVariables>(this.#document, variables, context)?.data
  }

  #continue(index: number): void {
    const page = this.#pages[index]
    const next = this.#pages[index + 1]
    const end = page && this.#listOf(page)?.pageInfo
    if (!next || !end) return
    if (!end.hasNextPage) for (const gone of this.#pages.splice(index + 1)) gone.subscription.unsubscribe()
    else if (next.after !== end.endCursor) this.#open(index + 1, end.endCursor)
  }

  #listOf({ data }: Page<Data>): Connection<Node> | null | undefined {
    return data && this.#listIn(data)
  }

  #close(): void {
    for (const { subscription } of this.#pages) subscription.unsubscribe()
    this.#pages = []
    this.#reconnection.stop()
  }
}
