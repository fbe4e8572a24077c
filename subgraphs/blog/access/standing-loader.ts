import DataLoader from 'dataloader'
import type { Communication } from './communication.ts'
import type { Standing } from './standing.ts'

/** What users are to the viewer of one request; one question for all that are asked about at the same time. */
export type StandingLoader = DataLoader<string, Standing>

/**
 * Makes the loader of one request. `communication` is asked: an alias in the client's operation can change the id that
 * stands next to a value which the gateway brings along, so such a value would prove nothing.
 */
export function createStandingLoader(communication: Communication, viewerId: string | null): StandingLoader {
  const loader: StandingLoader = new DataLoader((userIds) => communication.standingsOf(viewerId, userIds), {
    maxBatchSize: 500,
  })
  // Nobody has to be asked: so what is one's own can be edited and deleted while `communication` does not answer.
  return viewerId === null ? loader : loader.prime(viewerId, 'SELF')
}
