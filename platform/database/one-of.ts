/**
 * SQL for "is one of these", for prepared statements that mostly ask for few values.
 *
 * With `= ANY ($1)`, PostgreSQL sees how many values there are, finds a plan for that number cheaper than one for any
 * number, and therefore plans the statement at each execution, which takes longer than executing it. The subquery hides
 * the number, so a connection plans the statement once (docs/decisions/0138-few-values-hidden-from-the-planner.md).
 *
 * @param parameter the parameter with the values, and the type of its array
 */
export function oneOf(parameter: `$${number}::${'uuid' | 'text'}[]`): string {
  return `= ANY (ARRAY(SELECT unnest(${parameter})))`
}
