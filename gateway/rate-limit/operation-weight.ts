// Refusing, parsing and planning cost something for every operation.
const LEAST = 200
const CHARACTERS = 10
const QUADRATIC = 2_500

/**
 * Returns how much an operation counts against the rate limit of its viewer. It grows with the square of the cost,
 * because an operation that takes twice as long delays twice as many other operations, each twice as long.
 */
export function operationWeight(cost: number): number {
  return Math.max(LEAST, cost + cost ** 2 / QUADRATIC)
}

/** Returns how much a document counts that may turn out to be invalid. Longer documents take longer to validate. */
export function documentWeight(document: string): number {
  return Math.max(LEAST, document.length / CHARACTERS)
}
