import pg from 'pg'

/** Makes a post that expires do so now, in both services that know its expiry. The shortest lifetime is an hour. */
export async function expirePost(databaseUrl: string, postId: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const now = new Date()
    for (const table of ['communication.posts', 'blog.post']) {
      await client.query(`UPDATE ${table} SET expires_at = $2 WHERE id = $1 AND expires_at IS NOT NULL`, [
        postId,
        now,
      ])
    }
  } finally {
    await client.end()
  }
}
