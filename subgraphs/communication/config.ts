import type { z } from 'zod'
import { commonConfig, httpUrl, positiveNumber, seconds, wholeNumber } from '../../platform/config.ts'
import { identityProviderConfig } from '../../platform/identity/identity-provider-settings.ts'
import { MAX_LIFETIME_SECONDS } from '../../platform/tokens/strict-token.ts'

// A page token lives up to a fifth longer than the setting, and a token that exceeds the limit is refused.
const tokenSeconds = seconds.max(MAX_LIFETIME_SECONDS / 2, 'must be at most 302400, which is 3.5 days')

/** The environment variables of the communication service. */
export const communicationConfig = commonConfig.extend({
  ...identityProviderConfig,
  PUBLIC_URL: httpUrl
    .default('http://localhost:4000')
    .describe('The URL at which clients reach the product.'),
  STORAGE_PUBLIC_URL: httpUrl
    .optional()
    .describe('The URL at which clients send and fetch media files; PUBLIC_URL unless set.'),
  BLOG_PUBLIC_URL: httpUrl
    .optional()
    .describe('The URL at which clients reach pages; PUBLIC_URL unless set.'),
  SESSION_TOKEN_SECONDS: tokenSeconds
    .default(15 * 60)
    .describe('The lifetime of an access token, in seconds.'),
  SESSION_IDLE_SECONDS: seconds
    .default(60 * 24 * 60 * 60)
    .describe('The time after which an unused session expires, in seconds.'),
  UPLOAD_KEY_SECONDS: tokenSeconds.default(60 * 60).describe('The lifetime of an upload key, in seconds.'),
  PAGE_TOKEN_SECONDS: tokenSeconds.default(5 * 60).describe('The lifetime of a page token, in seconds.'),
  MEDIA_TOKEN_SECONDS: seconds
    .default(5 * 60)
    .describe('The minimum lifetime of a media token, in seconds; a longer media file extends it.'),
  MEDIA_TOKEN_SLACK_SECONDS: seconds
    .default(60)
    .describe('The seconds that are added to the duration of a media file for the lifetime of its token.'),
  STORAGE_TIMEOUT_SECONDS: seconds
    .default(5)
    .describe('The time that requestUpload waits for storage, in seconds.'),
  SIGN_UPS_PER_ADDRESS: wholeNumber(1)
    .default(100)
    .describe('The maximum number of sign-ups from one network address in an hour.'),
  FRIEND_REQUESTS_PER_DAY: wholeNumber(1)
    .default(200)
    .describe('The maximum number of friend requests of a user in a day.'),
  FRIEND_REQUESTS_PER_PAIR: wholeNumber(1)
    .default(8)
    .describe('The maximum number of friend requests of a user to the same user in a week.'),
  NOTIFICATION_RETENTION_DAYS: positiveNumber('days')
    .default(90)
    .describe('The time that notifications are kept, in days.'),
})

/** The configuration of the communication service. */
export type CommunicationConfig = z.infer<typeof communicationConfig>
