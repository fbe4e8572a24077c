import type { z } from 'zod'
import { commonConfig, httpUrl, wholeNumber } from '../../platform/config.ts'

/** The environment variables of the blog service. */
export const blogConfig = commonConfig.extend({
  PUBLIC_URL: httpUrl.default('http://localhost:4000').describe('Where clients reach the product.'),
  BLOG_PUBLIC_URL: httpUrl.optional().describe('Where clients reach pages; PUBLIC_URL unless set.'),
  BLOG_PAGES_PER_MINUTE: wholeNumber(0)
    .default(240)
    .describe('How many pages each viewer, or each network address, may open per minute; 0 for no limit.'),
})

/** The blog service's configuration. */
export type BlogConfig = z.infer<typeof blogConfig>
