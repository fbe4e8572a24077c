import { newId } from '../../../platform/ids.ts'
import { startHomeFeedUnderTest } from '../../../testing/blog/home-feed.ts'
import { eventually } from '../../../testing/eventually.ts'

it('a feed that was not read for 30 days is dropped, and built again when it is read', async () => {
  const blog = await startHomeFeedUnderTest()
  try {
    const [viewer, reader, ann] = [newId(), newId(), newId()]
    for (const user of [viewer, reader]) await blog.befriend(user, ann)
    const post = await blog.publish(ann)
    for (const user of [viewer, reader]) expect(await blog.readAll(user)).toEqual([post])
    await blog.sql.query(
      `UPDATE home_feed SET read_at = now() - CASE WHEN viewer_id = $1 THEN interval '31 days' ELSE interval '29 days' END`,
      [viewer],
    )
    // The job runs when a process starts.
    await blog.startAnother({ backgroundEveryMs: 60_000 })
    const kept = async () => (await blog.sql.query('SELECT viewer_id FROM home_feed')).rows
    await eventually(async () => expect(await kept()).toEqual([{ viewer_id: reader }]), 15_000)
    const items = await blog.sql.query('SELECT viewer_id FROM home_feed_item')
    expect(items.rows).toEqual([{ viewer_id: reader }])

    const newer = await blog.publish(ann)
    await blog.settled()
    for (const user of [viewer, reader]) expect(await blog.readAll(user)).toEqual([newer, post])
    const { rows } = await blog.sql.query(`SELECT FROM home_feed WHERE read_at > now() - interval '1 day'`)
    expect(rows).toHaveLength(2)
  } finally {
    await blog.stop()
  }
})
