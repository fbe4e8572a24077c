/** Something in the story did not come true; the message is a sentence that says what. */
export class NotSo extends Error {
  override name = 'NotSo'
}

/** Goes on only where something is so. */
export function insist(isSo: boolean, otherwise: string): asserts isSo {
  if (!isSo) throw new NotSo(otherwise)
}
