import { type ApolloServerPlugin, HeaderMap } from '@apollo/server'
import type { GatewayContext } from '../ask-subgraph.ts'
import type { Executing, Executor } from './compiled-executor.ts'

/**
 * Executes operations in a plugin, just before @apollo/server would pass them to its gateway. For each operation that it
 * passes on, @apollo/server creates an object with accessors of its own, so V8 creates a hidden class. That refers to all
 * that was read for the operation, and only a major collection frees hidden classes
 * (docs/decisions/0144-requests-freed-by-minor-collections.md).
 *
 * Results with errors still go through the gateway, because @apollo/server formats errors there only.
 */
export function executeEarly(executing: Executing): {
  gateway: Executing
  plugin: ApolloServerPlugin<GatewayContext>
} {
  let execute: Executor = () => Promise.reject(new Error('the supergraph is not loaded'))
  return {
    gateway: {
      ...executing,
      async load(options) {
        const { executor } = await executing.load(options)
        execute = executor
        // @apollo/server passes the context that the plugin has changed.
        return {
          executor: async (operation) => (operation.context as GatewayContext).result ?? executor(operation),
        }
      },
    },
    plugin: {
      async requestDidStart() {
        return {
          async responseForOperation({ contextValue: context, ...operation }) {
            // It has been computed, although the type does not say so.
            const { queryHash = '' } = operation
            context.result = execute({ ...operation, queryHash, context })
            const result = await context.result.catch(() => null)
            if (!result || result.errors) return null
            const { data = null, extensions } = result
            return {
              body: { kind: 'single', singleResult: { data, ...(extensions && { extensions }) } },
              http: { headers: new HeaderMap() },
            }
          },
        }
      },
    },
  }
}
