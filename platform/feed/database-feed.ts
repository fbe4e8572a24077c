import { openSession } from '../database/session.ts'
import type { Log } from '../log.ts'
import { createFeed, type Feed } from './feed.ts'

/**
 * Opens a feed of the messages on a channel of the database (`NOTIFY`). A message holds one or more topics, separated
 * by commas. Every process that listens receives it, regardless of which process sent it. After each (re)connection,
 * listeners get null.
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
    channel,
    onNotice(payload) {
      for (const topic of payload.split(',')) feed.announce(topic)
    },
    onListening: () => feed.announce(null),
  })
  return { listen: feed.listen, close: session.close }
}
