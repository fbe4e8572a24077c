/**
 * Removes libpq's variables (PGSSLMODE, PGHOST, PGOPTIONS, PGSERVICE ...) from this process's environment, so child
 * processes do not inherit them either. They describe some other server of the person who started this process. `pg`
 * would use them for every setting that is not given explicitly.
 */
export function forgetPgEnvironment(env: NodeJS.ProcessEnv = process.env): void {
  for (const name of Object.keys(env)) if (/^PG[A-Z_]+$/.test(name)) delete env[name]
}
