/**
 * Takes libpq's variables (PGSSLMODE, PGHOST, PGOPTIONS, PGSERVICE ...) out of this process's environment, and with it
 * out of what child processes inherit. They describe a server that its user connects to otherwise; the embedded
 * PostgreSQL is reached with what this process knows about it alone. `pg` would read them wherever a setting is not given.
 */
export function forgetPgEnvironment(env: NodeJS.ProcessEnv = process.env): void {
  for (const name of Object.keys(env)) if (/^PG[A-Z_]+$/.test(name)) delete env[name]
}
