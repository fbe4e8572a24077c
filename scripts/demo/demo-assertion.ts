/** The demo failed at a step. The message is a sentence that states the problem. */
export class DemoAssertionError extends Error {
  override name = 'DemoAssertionError'
}

/** Throws a `DemoAssertionError` with the message `otherwise` if the condition is false. */
export function insist(isSo: boolean, otherwise: string): asserts isSo {
  if (!isSo) throw new DemoAssertionError(otherwise)
}
