import type { AnyVariables, OperationContext } from '@urql/core'
import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type { Document } from '../../../generated/graphql/web.ts'
import { api } from './client.ts'
import { type Problem, problemOf } from './problem.ts'
import { Reconnection } from './reconnection.ts'

/** Reads a query for an element, first from the cache, and renders the element again after each change of its data. */
export class Query<Data, Variables extends AnyVariables> implements ReactiveController {
  data: Data | null = null
  problem: Problem | null = null
  /** Whether newer data is on its way. */
  isLoading = true
  readonly #host: ReactiveControllerHost
  readonly #document: Document<Data, Variables>
  readonly #variables: () => Variables | null
  readonly #context: Partial<OperationContext>
  #current: string | null = null
  #subscription: { unsubscribe(): void } | null = null
  readonly #reconnection = new Reconnection(() => this.refresh())

  /** @param variables returns null as long as there is nothing to ask */
  constructor(
    host: ReactiveControllerHost,
    document: Document<Data, Variables>,
    variables: () => Variables | null,
    context: Partial<OperationContext> = {},
  ) {
    this.#host = host
    this.#document = document
    this.#variables = variables
    this.#context = context
    host.addController(this)
  }

  hostUpdate(): void {
    const variables = this.#variables()
    const text = JSON.stringify(variables)
    if (text === this.#current) return
    this.#current = text
    this.data = null
    this.#read(variables)
  }

  hostDisconnected(): void {
    this.#subscription?.unsubscribe()
    this.#subscription = null
    this.#current = null
    this.#reconnection.stop()
  }

  /** Asks the server again. */
  refresh(): void {
    this.#read(this.#variables())
  }

  #read(variables: Variables | null): void {
    this.#subscription?.unsubscribe()
    this.#subscription = null
    this.problem = null
    this.isLoading = variables !== null
    if (variables === null) return
    this.#subscription = api()
      .query<Data, Variables>(this.#document, variables, this.#context)
      .subscribe(({ data, error, stale }) => {
        if (data) this.data = data
        this.problem = error ? problemOf(error) : null
        this.#reconnection.note(this.problem)
        this.isLoading = stale
        this.#host.requestUpdate()
      })
  }
}
