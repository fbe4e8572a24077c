/** The number of characters as the API counts them: code points in NFC, without white space at the end. */
export const lengthOf = (text: string): number => [...text.normalize().trimEnd()].length
