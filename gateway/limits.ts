import { costLimitRule } from '@escape.tech/graphql-armor-cost-limit'
import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases'
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth'
import type { ASTVisitor, ValidationContext } from 'graphql'
import type { GatewayConfig } from './config.ts'

/** Enough for any operation of the mobile client and for introspection; each token costs memory before validation. */
export const MAX_TOKENS = 5_000

/** Validation rules that refuse operations which would cost too much to plan or to answer. */
export function limitRules(config: GatewayConfig): ((context: ValidationContext) => ASTVisitor)[] {
  return [
    maxDepthRule({ n: config.GATEWAY_MAX_DEPTH, ignoreIntrospection: true }),
    maxAliasesRule({ n: config.GATEWAY_MAX_ALIASES }),
    costLimitRule({ maxCost: config.GATEWAY_MAX_COST, ignoreIntrospection: true }),
  ]
}
