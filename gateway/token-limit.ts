import { Lexer, Source, TokenKind } from 'graphql'

/**
 * The token limit of a document. It is enough for every operation of the mobile client and for introspection. Each
 * token costs memory before validation.
 */
export const MAX_TOKENS = 5_000

// Only variables need more room than this.
const MAX_CHARACTERS = 1_048_576

// Counting further would itself take long.
const MAX_COUNTED = 10 * MAX_TOKENS

type Counted = { total: number; definitions: { name: string; tokens: number }[] }

/**
 * Returns why a document has too many tokens or characters, or null if it has not. The parser of graphql-js calls this a syntax error,
 * and does not count further than the limit.
 */
export function tokenFault(query: string): string | null {
  // A token has at least one character.
  if (query.length <= MAX_TOKENS) return null
  if (query.length > MAX_CHARACTERS) {
    return `The document has ${query.length} characters; the limit is ${MAX_CHARACTERS}. Send long texts as variables.`
  }
  const { total, definitions } = countTokens(query)
  if (total <= MAX_TOKENS) return null
  const size = total > MAX_COUNTED ? `more than ${MAX_COUNTED}` : String(total)
  const [largest] = definitions.sort((one, other) => other.tokens - one.tokens)
  const where = largest ? ` Most of them, ${largest.tokens}, are in ${largest.name}.` : ''
  return `The document has ${size} tokens; the limit is ${MAX_TOKENS}.${where} Select fewer fields, or send several operations.`
}

function countTokens(query: string): Counted {
  const lexer = new Lexer(new Source(query))
  const counted: Counted = { total: 0, definitions: [] }
  let depth = 0
  // Before its selection set, a definition consists of other tokens.
  let isInside = false
  try {
    while (lexer.advance().kind !== TokenKind.EOF && ++counted.total <= MAX_COUNTED) {
      const { kind, value } = lexer.token
      if (depth === 0 && !isInside) {
        counted.definitions.push({ name: nameOf(lexer, value), tokens: 0 })
        isInside = true
      }
      const definition = counted.definitions.at(-1)
      if (definition) definition.tokens += 1
      if (kind === TokenKind.BRACE_L || kind === TokenKind.PAREN_L) depth += 1
      if (kind === TokenKind.BRACE_R || kind === TokenKind.PAREN_R) depth -= 1
      if (depth === 0 && kind === TokenKind.BRACE_R) isInside = false
    }
  } catch {
    // The rest is not GraphQL, which the parser reports if the tokens before it are not too many.
  }
  return counted
}

function nameOf(lexer: Lexer, keyword: string): string {
  if (keyword === undefined) return 'the operation without a name'
  const { kind, value } = lexer.lookahead()
  const article = keyword === 'fragment' ? 'the fragment' : 'the operation'
  return kind === TokenKind.NAME ? `${article} "${value}"` : `${article} without a name`
}
