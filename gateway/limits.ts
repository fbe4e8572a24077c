import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases'
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth'
import { type ASTVisitor, GraphQLError, type ValidationContext } from 'graphql'
import type { GatewayConfig } from './config.ts'
import { type ReservedNames, responseNameRule } from './response-names.ts'

/**
 * The token limit of a document. It is enough for every operation of the mobile client and for introspection. Each
 * token costs memory before validation.
 */
export const MAX_TOKENS = 5_000

// Reports refusals like other validation errors, so that the client gets status 400 and all errors at once.
const report = {
  propagateOnRejection: false,
  onReject: [
    (context: ValidationContext | null, error: GraphQLError) =>
      // The library calls every refusal a syntax error.
      context?.reportError(new GraphQLError(error.message.replace(/^Syntax Error: /, ''))),
  ],
}

/**
 * Creates the validation rules that refuse operations which cost too much to plan or to answer, or whose aliases
 * mislead the gateway.
 */
export function limitRules(
  config: GatewayConfig,
  reserved: () => ReservedNames,
): ((context: ValidationContext) => ASTVisitor)[] {
  return [
    responseNameRule(reserved),
    maxDepthRule({ n: config.GATEWAY_MAX_DEPTH, ignoreIntrospection: true, ...report }),
    maxAliasesRule({ n: config.GATEWAY_MAX_ALIASES, ...report }),
  ]
}
