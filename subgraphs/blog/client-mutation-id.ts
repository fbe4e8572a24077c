import { type FailureResult, invalidInput } from './failures.ts'

/** Checks the id that a client chose for a request to make retries idempotent. Null if the client chose none. */
export function readClientMutationId(id: string | null | undefined): string | null | FailureResult {
  if (id == null) return null
  if (/^[\x21-\x7e]{1,200}$/.test(id)) return id
  return invalidInput(
    'input.clientMutationId',
    'A client mutation id has 1 to 200 ASCII characters and no spaces. Use a UUID, for example.',
  )
}
