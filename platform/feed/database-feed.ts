import type { Log } from '../log.ts'
import { openSession } from '../outbox/session.ts'
import { createFeed, type Feed } from './feed.ts'

/**
 * A feed of what is said on a channel of the database (`NOTIFY`), one or more topics in each message, separated by
 * commas: every process that listens hears it, whichever one caused it. After a lost connection null is announced.
 */
export async function openDatabaseFeed(options: {
  url: string
  channel: string
  log: Log
}): Promise<Feed & { close(): Promise<void> }> {
  const { url, channel, log } = options
  const feed = createFeed()
  const session = await openSession({
    url,
    log,
    applicationName: `moblog feed ${channel}`,
    async prepare(client) {
      client.on('notification', ({ payload = '' }) => {
        for (const topic of payload.split(',')) feed.announce(topic)
      })
      await client.query(`LISTEN "${channel}"`)
      feed.announce(null)
    },
  })
  return { listen: feed.listen, close: session.close }
}
