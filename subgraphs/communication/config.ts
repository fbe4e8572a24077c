import { commonConfig, httpUrl, positiveNumber, seconds, wholeNumber } from '../../platform/config.ts'
import { identityProviderConfig } from '../../platform/identity/identity-provider-settings.ts'
import { MAX_LIFETIME_SECONDS } from '../../platform/tokens/strict-token.ts'

// A page token lives up to a fifth longer than the setting, and a token that exceeds the limit is refused.
const tokenSeconds = seconds.max(MAX_LIFETIME_SECONDS / 2, 'must be at most 302400, which is 3.5 days')

/** The environment variables of the communication service. */
export const communicationConfig = commonConfig.extend({
  ...identityProviderConfig,
  PUBLIC_URL: httpUrl.default('http://localhost:4000').describe('Where clients reach the product.'),
  STORAGE_PUBLIC_URL: httpUrl
    .optional()
    .describe('Where clients reach the bytes of media; PUBLIC_URL unless set.'),
  BLOG_PUBLIC_URL: httpUrl.optional().describe('Where clients reach pages; PUBLIC_URL unless set.'),
  SESSION_TOKEN_SECONDS: tokenSeconds.default(15 * 60).describe('How long an access token works.'),
  SESSION_IDLE_SECONDS: seconds
    .default(60 * 24 * 60 * 60)
    .describe('How long a session lasts that is not refreshed.'),
  UPLOAD_KEY_SECONDS: tokenSeconds.default(60 * 60).describe('How long an upload key works.'),
  PAGE_TOKEN_SECONDS: tokenSeconds.default(5 * 60).describe('How long a page token works.'),
  MEDIA_TOKEN_SECONDS: seconds
    .default(5 * 60)
    .describe('The shortest lifetime of a media token; a longer media file extends it.'),
  MEDIA_TOKEN_SLACK_SECONDS: seconds
    .default(60)
    .describe('What is added to the duration of a media file for the lifetime of its token.'),
  STORAGE_TIMEOUT_SECONDS: seconds.default(5).describe('How long requestUpload waits for storage.'),
  SIGN_UPS_PER_ADDRESS: wholeNumber(1)
    .default(100)
    .describe('How many accounts may be made from one network address in an hour.'),
  FRIEND_REQUESTS_PER_DAY: wholeNumber(1)
    .default(200)
    .describe('How many friend requests a user may send in a day.'),
  FRIEND_REQUESTS_PER_PAIR: wholeNumber(1)
    .default(8)
    .describe('How many friend requests a user may send to the same user in a week.'),
  NOTIFICATION_RETENTION_DAYS: positiveNumber('days')
    .default(90)
    .describe('How long notifications are kept.'),
})
