// If the reason cannot be told from the value, it is left out too.
const VARIABLE = /^(Variable "\$\w+" got) invalid value (?:.*?( at "[^"]+")?; ([^;]*)|.*)$/s
const REPRESENTATION = /(cannot represent [\w -]*value): .*$/s
const LITERAL = /^(Expected value of type "[^"]+"), found .*$/s
const STACK = /Maximum call stack size exceeded/
const SUGGESTION = / ?Did you mean .+?\?(?= |$)/gs

/**
 * Removes the values that the client sent from a message of graphql-js. An invalid value may be a password, and clients
 * put messages into crash reports. The names of variables and fields stay.
 */
export function withoutValues(message: string): string {
  return message
    .replace(REPRESENTATION, '$1.')
    .replace(LITERAL, '$1.')
    .replace(VARIABLE, (_, start, place = '', reason = null) =>
      reason === null ? `${start} an invalid value.` : `${start} an invalid value${place}; ${reason}`,
    )
    .replace(STACK, 'The value is nested too deeply.')
}

/** Removes suggestions from a message of graphql-js. They reveal names in the schema that are not public. */
export function withoutSuggestions(message: string): string {
  return message.replace(SUGGESTION, '')
}
