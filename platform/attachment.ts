/**
 * A value that a module keeps on objects of another one, such as requests. A WeakMap would have the same interface, but until
 * the next major collection it keeps the values of all requests (docs/decisions/0144-requests-freed-by-minor-collections.md).
 */
export type Attachment<Owner extends object, Value> = {
  /** Returns the value on an object; undefined if it has none. */
  get(owner: Owner): Value | undefined
  set(owner: Owner, value: Value): void
}

/**
 * Creates an attachment for objects that live as long as a request. A copy of such an object does not have it.
 *
 * @param name what the values are, for developer tools
 */
export function createAttachment<Owner extends object, Value>(name: string): Attachment<Owner, Value> {
  const key = Symbol(name)
  type Owned = { [key]?: Value }
  return {
    get: (owner: Owned) => owner[key],
    set: (owner, value) => void Object.defineProperty(owner, key, { value, writable: true }),
  }
}
