import { v7, validate } from 'uuid'

/** Returns a new UUIDv7 (RFC 9562): globally unique, and ordered by creation time. */
export function newId(): string {
  return v7()
}

/** Whether a text is a UUID, so that it can be compared with a UUID column. */
export function isId(text: string): boolean {
  return validate(text)
}

/**
 * Returns an id as stored ids are spelled: in lower case (RFC 9562 §4 allows any case as input). Texts that are not
 * UUIDs stay unchanged.
 */
export function normalId(text: string): string {
  return isId(text) ? text.toLowerCase() : text
}
