type Member = { __typename: string; message?: string; code?: string; field?: string | null }
type FailureName =
  | 'InvalidInput'
  | 'RequestFailed'
  | 'QuotaExceeded'
  | 'StorageUnavailable'
  | 'TooLarge'
  | 'UnsupportedMedia'

const FAILURES = new Set<string>([
  'InvalidInput',
  'QuotaExceeded',
  'RequestFailed',
  'StorageUnavailable',
  'TooLarge',
  'UnsupportedMedia',
] satisfies FailureName[])

/** An expected failure of a mutation, with the server's message for the user. */
export class Refused extends Error {
  readonly code: string
  readonly field: string | null

  constructor({ message = '', code = '', field = null }: Member) {
    super(message)
    this.code = code
    this.field = field
  }
}

/** Returns the successful member of a result union, or throws the failure as `Refused`. */
export function succeed<Result extends Member>(result: Result): Exclude<Result, { __typename: FailureName }> {
  if (FAILURES.has(result.__typename)) throw new Refused(result)
  return result as Exclude<Result, { __typename: FailureName }>
}
