import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases'
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth'
import { type ASTVisitor, GraphQLError, type ValidationContext } from 'graphql'
import type { GatewayConfig } from './config.ts'
import { type ReservedNames, responseNameRule } from './response-names.ts'

/** Enough for any operation of the mobile client and for introspection; each token costs memory before validation. */
export const MAX_TOKENS = 5_000

// Reported like any other validation error, so that the client gets 400 and all errors at once.
const report = {
  propagateOnRejection: false,
  onReject: [
    (context: ValidationContext | null, error: GraphQLError) =>
      // The library calls any refusal a syntax error.
      context?.reportError(new GraphQLError(error.message.replace(/^Syntax Error: /, ''))),
  ],
}

/** Validation rules that refuse operations which would cost too much to plan or to answer, or mislead the gateway. */
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
