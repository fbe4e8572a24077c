/**
 * Returns the statement that claims messages so that tenants take turns. Its parameters: the schema, the topic, the
 * keys that this session has locked, how many messages to claim, how many messages of one tenant may be handled at a
 * time, and the application name of the sessions that handle them.
 *
 * A message counts as being handled while the session that took it exists, so the messages of a killed process no
 * longer count.
 *
 * @param lockId the SQL expression for the lock of a key
 */
export function claimInTurnSql(schema: string, lockId: string): string {
  const message = `"${schema}".message`
  const served = `"${schema}".served`
  return `
    WITH alive AS MATERIALIZED (
      SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = $6),
    handled AS (
      SELECT tenant, count(*) AS count FROM ${message}
      WHERE topic = $2 AND taken_by IN (SELECT pid FROM alive) GROUP BY tenant),
    waiting AS (
      SELECT seq, key, tenant, row_number() OVER (PARTITION BY tenant ORDER BY seq) AS place FROM ${message} AS m
      WHERE topic = $2 AND due_at <= now() AND key <> ALL ($3)
        AND (taken_by IS NULL OR taken_by = pg_backend_pid() OR taken_by NOT IN (SELECT pid FROM alive))
        AND NOT EXISTS (SELECT FROM ${message} AS e WHERE e.topic = $2 AND e.key = m.key AND e.seq < m.seq)),
    turn AS MATERIALIZED (
      SELECT w.seq, w.key, w.tenant FROM waiting AS w
        LEFT JOIN handled AS h ON h.tenant = w.tenant
        LEFT JOIN ${served} AS s ON s.topic = $2 AND s.tenant = w.tenant
      WHERE coalesce(h.count, 0) + w.place <= $5
      ORDER BY coalesce(h.count, 0) + w.place, s.at NULLS FIRST, w.seq LIMIT 200),
    mine AS MATERIALIZED (
      SELECT seq, key, tenant FROM (
        SELECT seq, key, tenant, pg_try_advisory_lock(${lockId}) AS mine FROM turn OFFSET 0) AS tried
      WHERE mine LIMIT $4),
    noted AS (
      INSERT INTO ${served} (topic, tenant, at) SELECT DISTINCT $2, tenant, now() FROM mine
      ON CONFLICT (topic, tenant) DO UPDATE SET at = excluded.at),
    forgotten AS (
      DELETE FROM ${served} WHERE at < now() - interval '1 hour' AND tenant NOT IN (SELECT tenant FROM mine)),
    taken AS (
      UPDATE ${message} AS m SET taken_by = pg_backend_pid() FROM mine
      WHERE m.seq = mine.seq AND m.due_at <= now()
      RETURNING m.seq, m.id, m.payload, m.attempts, m.request_id, m.traceparent)
    SELECT mine.seq, mine.key, taken.id, taken.payload, taken.attempts, taken.request_id AS "requestId",
      taken.traceparent
    FROM mine LEFT JOIN taken ON taken.seq = mine.seq ORDER BY mine.seq`
}
