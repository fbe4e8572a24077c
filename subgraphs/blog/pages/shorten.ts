/** A text on one line of at most so many characters, with an ellipsis where something is left out. */
export function shorten(text: string, most: number): string {
  const characters = [...text.replace(/\s+/g, ' ')]
  return characters.length > most ? `${characters.slice(0, most).join('')}…` : characters.join('')
}
