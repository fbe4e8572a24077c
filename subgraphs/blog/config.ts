import type { z } from 'zod'
import { commonConfig, httpUrl } from '../../platform/config.ts'

/** What the blog service reads from the environment. */
export const blogConfig = commonConfig.extend({
  PUBLIC_URL: httpUrl.default('http://localhost:4000'),
  /** Where the world reaches this service's pages; `PUBLIC_URL` where unset. */
  BLOG_PUBLIC_URL: httpUrl.optional(),
})

/** The blog service's configuration. */
export type BlogConfig = z.infer<typeof blogConfig>
