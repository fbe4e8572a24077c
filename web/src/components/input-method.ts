/**
 * Whether a key belongs to an input method, for example the Enter that ends the choice of a Chinese word. Safari sends it
 * after the end of the composition, with the key code 229 alone.
 */
export function isOfInputMethod({ isComposing, keyCode }: KeyboardEvent): boolean {
  return isComposing || keyCode === 229
}

/**
 * Creates a listener for `input` and `compositionend` of a field that is searched while the user types. It leaves out
 * what an input method is still composing, such as the Latin letters of a Chinese word.
 */
export function whenTyped(take: (text: string) => void): (event: Event) => void {
  return (event) => {
    const { isComposing, target } = event as InputEvent
    if (!isComposing) take((target as HTMLInputElement).value)
  }
}
