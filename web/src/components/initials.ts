/** The first letter of a name, or of its first and last word in scripts that write with spaces. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) =>
    firstCharacter(word ?? ''),
  )
  return letters.join('').toLocaleUpperCase()
}

/** What readers take for one character: a flag, for example, consists of several code points. */
function firstCharacter(word: string): string {
  // Firefox has it since 2024.
  const [first] = Intl.Segmenter ? new Intl.Segmenter().segment(word) : []
  return first?.segment ?? [...word][0] ?? ''
}
