/**
 * Whether a key belongs to an input method, for example the Enter that ends the choice of a Chinese word. Safari sends it
 * after the end of the composition, with the key code 229 alone.
 */
export function isOfInputMethod({ isComposing, keyCode }: KeyboardEvent): boolean {
  return isComposing || keyCode === 229
}
