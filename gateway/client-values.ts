const VARIABLE = /^(Variable "\$\w+" got) invalid value .*?( at "[^"]+")?; ([^;]*)$/s
const REPRESENTATION = /(cannot represent [\w -]*value): .*$/s
const STACK = /Maximum call stack size exceeded/

/**
 * Removes the values that the client sent from a message of graphql-js. An invalid value may be a password, and clients
 * put messages into crash reports. The names of variables and fields stay.
 */
export function withoutValues(message: string): string {
  return message
    .replace(REPRESENTATION, '$1.')
    .replace(VARIABLE, (_, start, place = '', reason) => `${start} an invalid value${place}; ${reason}`)
    .replace(STACK, 'The value is nested too deeply.')
}
