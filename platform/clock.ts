/** The present instant; tests pass one of their own. */
export type Clock = () => Date

/** The machine's clock. */
export const systemClock: Clock = () => new Date()
