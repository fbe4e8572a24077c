import type { ApolloServerPlugin } from '@apollo/server'
import { writeJsonInParts } from '../platform/json-in-parts.ts'
import type { GatewayContext } from './ask-subgraph.ts'

type Result = { data?: unknown; errors?: unknown }

/** Writes responses as JSON for @apollo/server. Other requests are served while a large one is written. */
export type ResponseJson = {
  /** Notes which responses are large. */
  plugin: ApolloServerPlugin<GatewayContext>
  stringify(result: Result): Promise<string>
}

/** Creates it for one server. */
export function createResponseJson(): ResponseJson {
  // @apollo/server passes on the parts of a result, and wraps them in another object.
  const large = new WeakSet<object>()
  return {
    plugin: {
      async requestDidStart() {
        return {
          async willSendResponse({ contextValue: { work }, response: { body } }) {
            if (!work.isLarge() || body.kind !== 'single') return
            for (const part of [body.singleResult.data, body.singleResult.errors]) if (part) large.add(part)
            await work.rest()
          },
        }
      },
    },
    async stringify(result) {
      const isLarge = [result.data, result.errors].some((part) => large.has(part as object))
      return isLarge ? inParts(result) : `${JSON.stringify(result)}\n`
    },
  }
}

async function inParts(result: Result): Promise<string> {
  const parts: string[] = []
  for await (const part of writeJsonInParts(result)) parts.push(part)
  // Adding it later would copy the text once more.
  parts.push('\n')
  return parts.join('')
}
