import { z } from 'zod'
import { commonConfig, httpUrl, seconds } from '../../platform/config.ts'
import { outsideIssuerConfig } from '../../platform/identity/outside-issuer.ts'
import { MAX_LIFETIME_SECONDS } from '../../platform/tokens/strict-form.ts'

// A page token lives for a fifth longer than is said here, and a token that outlives the limit is refused.
const tokenSeconds = seconds.max(MAX_LIFETIME_SECONDS / 2, 'must be at most 302400, which is 3.5 days')

/** What the communication service reads from the environment. */
export const communicationConfig = commonConfig.extend({
  ...outsideIssuerConfig,
  /** Where clients reach the product; what storage and blog serve is there too unless their own addresses are given. */
  PUBLIC_URL: httpUrl.default('http://localhost:4000'),
  STORAGE_PUBLIC_URL: httpUrl.optional(),
  BLOG_PUBLIC_URL: httpUrl.optional(),
  /** How long an access token works. */
  SESSION_TOKEN_SECONDS: tokenSeconds.default(15 * 60),
  /** How long a session lasts that is not refreshed. */
  SESSION_IDLE_SECONDS: seconds.default(60 * 24 * 60 * 60),
  UPLOAD_KEY_SECONDS: tokenSeconds.default(60 * 60),
  PAGE_TOKEN_SECONDS: tokenSeconds.default(5 * 60),
  /** The shortest lifetime of a media token; long media get their duration and the slack. */
  MEDIA_TOKEN_SECONDS: seconds.default(5 * 60),
  /** Added to how long a medium plays: time for pausing and for looking again. */
  MEDIA_TOKEN_SLACK_SECONDS: seconds.default(60),
  /** How long `requestUpload` waits for storage before it says that storage is not available. */
  STORAGE_TIMEOUT_SECONDS: seconds.default(5),
  /** How many accounts may be made from one network address in an hour before one has to wait. */
  SIGN_UPS_PER_ADDRESS: z.coerce.number().int().positive().default(100),
  /** How many people one user may ask to be friends in a day. */
  FRIEND_REQUESTS_PER_DAY: z.coerce.number().int().positive().default(200),
  /** How often one user may ask the same other in a week; being declined counts three times. */
  FRIEND_REQUESTS_PER_PAIR: z.coerce.number().int().positive().default(8),
  /** How long notifications are kept, read or not. */
  NOTIFICATION_RETENTION_DAYS: z.coerce.number('must be a number of days').positive().default(90),
})
