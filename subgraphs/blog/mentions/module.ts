import DataLoader from 'dataloader'
import type { Module } from '../../../platform/module.ts'
import { perRequest } from '../../../platform/subgraph/per-request.ts'
import type { AccessModule } from '../access/module.ts'
import type { ActivityModule } from '../activity/module.ts'
import type { Context } from '../context.ts'
import type { Resources } from '../resources.ts'
import { lateMentionDelivery } from './late-mentions.ts'
import { mentionBackfillJob } from './mention-backfill.ts'
import { findMentions, type MentionedUsers } from './mention-store.ts'
import { createMentions, type Mentions } from './mentions.ts'

/** The dependencies of this module. */
export type MentionsModuleDeps = Pick<Resources, 'db' | 'pool' | 'clock' | 'enqueue'> & {
  access: Pick<AccessModule, 'communication'>
  reportActivity: ActivityModule['reportActivity']
}

/** Returns the loader of a request: the users whom posts mention, by the id of the post. */
export type MentionLoaderOf = (context: Context) => DataLoader<string, MentionedUsers>

/** What other modules use of this one. */
export type MentionsModule = Module & { mentions: Mentions; mentionsOf: MentionLoaderOf }

/** The users whom posts mention. */
export function mentionsModule(deps: MentionsModuleDeps): MentionsModule {
  const { db, pool, clock, enqueue, access, reportActivity } = deps
  const { communication } = access
  return {
    mentions: createMentions({ communication, enqueue, reportActivity }),
    // Not cached: this request may itself edit a post.
    mentionsOf: perRequest(() => new DataLoader((postIds) => findMentions(pool, postIds), { cache: false })),
    outboxHandlers: lateMentionDelivery({ db, communication, reportActivity, clock }),
    jobs: [mentionBackfillJob({ db, pool, communication })],
  }
}
