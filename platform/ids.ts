import { v7, validate } from 'uuid'

/** A new UUIDv7 (RFC 9562): unique everywhere, and in the order of creation. */
export function newId(): string {
  return v7()
}

/** Whether a text is a UUID, so that it may be compared with a column of that type. */
export function isId(text: string): boolean {
  return validate(text)
}

/** An id as stored ids are spelled (RFC 9562 §4: lower case, while any case is to be taken); other texts as they are. */
export function normalId(text: string): string {
  return isId(text) ? text.toLowerCase() : text
}
