import type {
  QuotaExceeded,
  RequestFailed,
  StorageUnavailable,
  TooLarge,
  UnsupportedMedia,
} from '../../../generated/graphql/communication.ts'
import { requestFailed } from '../failures.ts'
import type { UploadRefusal } from './storage-client.ts'

/** Converts storage's refusal of a new upload to the typed failure for the user (docs/method.md, A2). */
export function toUploadFailure(
  refusal: UploadRefusal,
): StorageUnavailable | QuotaExceeded | TooLarge | UnsupportedMedia | RequestFailed {
  const { code, message } = refusal
  switch (code) {
    case 'QUOTA_EXCEEDED':
      return {
        __typename: 'QuotaExceeded',
        code,
        message,
        quotaBytes: refusal.quotaBytes ?? 0,
        usedBytes: refusal.usedBytes ?? 0,
        reservedBytes: refusal.reservedBytes ?? 0,
      }
    case 'TOO_LARGE':
      return { __typename: 'TooLarge', code, message, maxBytes: refusal.maxBytes ?? 0 }
    case 'UNSUPPORTED_MEDIA':
      return {
        __typename: 'UnsupportedMedia',
        code,
        message,
        supportedMimeTypes: refusal.supportedMimeTypes ?? [],
      }
    default:
      return toChangeFailure(refusal)
  }
}

/** Converts storage's refusal to change an upload to the typed failure for the user. */
export function toChangeFailure(refusal: UploadRefusal): StorageUnavailable | RequestFailed {
  const { code, message, retryAfterSeconds = null } = refusal
  if (code !== 'STORAGE_UNAVAILABLE') return requestFailed(code, message, retryAfterSeconds)
  return { __typename: 'StorageUnavailable', code, message, retryAfterSeconds }
}
