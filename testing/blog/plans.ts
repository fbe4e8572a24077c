import { jest } from '@jest/globals'
import pg from 'pg'

/** A node of a plan that PostgreSQL executed, in the format of EXPLAIN (FORMAT JSON). */
export type PlanNode = {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  Plans?: PlanNode[]
}

type Statement = { name?: string; text: string; values?: unknown[] }

/**
 * Runs `work` and returns the statements that it sends, in order. Statements of the outbox and of the home feeds' fan-out
 * are left out, because they may be busy with earlier work. The outbox has its own connections.
 */
export async function statementsOf(work: () => Promise<unknown>): Promise<Statement[]> {
  const spy = jest.spyOn(pg.Client.prototype, 'query')
  try {
    await work()
    return spy.mock.calls.flatMap(([config], call) => {
      const client = spy.mock.contexts[call] as { connectionParameters?: { application_name?: string } }
      if (client.connectionParameters?.application_name !== 'moblog blog') return []
      const statement = typeof config === 'string' ? { text: config } : (config as Statement)
      return statement.name?.startsWith('fan-out-') ? [] : [statement]
    })
  } finally {
    spy.mockRestore()
  }
}

/** Executes a statement and returns all nodes of its plan. It is planned without knowing the values. */
export async function planOf(sql: pg.Pool, { text, values = [] }: Statement): Promise<PlanNode[]> {
  const client = await sql.connect()
  try {
    await client.query('SET plan_cache_mode = force_generic_plan')
    await client.query({ name: 'planned', text, values })
    await client.query('BEGIN')
    const literals = values.map((value) => (value === null ? 'NULL' : pg.escapeLiteral(toLiteral(value))))
    const execute = `EXECUTE planned${literals.length > 0 ? `(${literals.join(', ')})` : ''}`
    const { rows } = await client.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${execute}`)
    return flatten(rows[0]['QUERY PLAN'][0].Plan)
  } finally {
    await client.query('ROLLBACK')
    await client.query('DEALLOCATE ALL; RESET ALL')
    client.release(true)
  }
}

/** How many rows of a table a plan read, including rows that it then filtered out. */
export function rowsRead(plan: readonly PlanNode[], table: string): number {
  return plan
    .filter((node) => node['Relation Name'] === table)
    .reduce(
      (sum, node) =>
        sum + (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'],
      0,
    )
}

/** The tables that a plan scans completely. */
export function tablesScanned(plan: readonly PlanNode[]): string[] {
  return plan.filter((node) => node['Node Type'] === 'Seq Scan').map((node) => node['Relation Name'] ?? '')
}

function flatten(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flatten)]
}

function toLiteral(value: unknown): string {
  if (Array.isArray(value)) return `{${value.map(toLiteral).join(',')}}`
  return value instanceof Date ? value.toISOString() : String(value)
}
