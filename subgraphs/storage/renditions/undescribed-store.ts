import type { Db } from '../database.ts'

/** A media file from before placeholders existed. */
export type Undescribed = {
  id: string
  ownerId: string
  /** How often describing it was started. */
  attempts: number
}

/** Whether any media file is left that was not described. */
export async function isAnyUndescribed(db: Db): Promise<boolean> {
  return (
    (await db.media.findFirst({ where: { describeAttempts: { not: null } }, select: { id: true } })) !== null
  )
}

/**
 * Takes the next media file to describe: the oldest of the owner who follows after another one, so that owners take turns.
 * The attempt is counted before the work starts, so work that crashes this process is not repeated forever.
 */
export async function takeUndescribed(db: Db, afterOwnerId: string): Promise<Undescribed | null> {
  const [taken] = await db.$queryRaw<Undescribed[]>`
    UPDATE media SET describe_attempts = describe_attempts + 1
    WHERE id = (
      SELECT id FROM (
        (
          SELECT id, 1 AS turn FROM media WHERE describe_attempts IS NOT NULL AND owner_id > ${afterOwnerId}::uuid
          ORDER BY owner_id, id LIMIT 1
        ) UNION ALL (
          SELECT id, 2 FROM media WHERE describe_attempts IS NOT NULL ORDER BY owner_id, id LIMIT 1
        )
      ) AS next ORDER BY turn LIMIT 1
    )
    RETURNING id, owner_id AS "ownerId", describe_attempts::int AS attempts`
  return taken ?? null
}

/** Uncounts the last attempt, which ended for a reason that is not in the file. */
export async function putBackUndescribed(db: Db, id: string): Promise<void> {
  await db.media.updateMany({
    where: { id, describeAttempts: { gt: 0 } },
    data: { describeAttempts: { decrement: 1 } },
  })
}

/** Records that a media file is described, as far as it can be. */
export async function endUndescribed(db: Db, id: string): Promise<void> {
  await db.media.updateMany({ where: { id }, data: { describeAttempts: null } })
}
