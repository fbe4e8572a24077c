import type { Module } from '../../../platform/module.ts'
import type { Resources } from '../resources.ts'
import { activityDelivery, createActivityReports, type ReportActivity } from './activity-reports.ts'

/** The dependencies of this module. */
export type ActivityDeps = Pick<Resources, 'enqueue' | 'peer'>

/** What other modules use of this one. */
export type ActivityModule = Module & { reportActivity: ReportActivity }

/** Reports activity on posts to `communication`, which notifies users. */
export function activityModule({ enqueue, peer }: ActivityDeps): ActivityModule {
  return {
    reportActivity: createActivityReports(enqueue),
    outboxHandlers: activityDelivery(() => peer('communication')),
  }
}
