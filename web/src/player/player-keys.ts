/** What a key does in a player. */
export type KeyAction =
  | { kind: 'TOGGLE' }
  | { kind: 'MUTE' }
  | { kind: 'FULLSCREEN' }
  | { kind: 'CAPTIONS' }
  | { kind: 'SEEK_BY'; seconds: number }
  | { kind: 'SEEK_TO'; share: number }

/** The action of a key; null for keys that belong to the browser or to the control that has the focus. */
export function keyAction(key: string, hasModifier: boolean, onControl: boolean): KeyAction | null {
  if (hasModifier) return null
  // A button is pressed with these keys, and a slider is moved with them.
  if (onControl && /^( |Enter|Arrow.*|Home|End|\d)$/.test(key)) return null
  if (/^\d$/.test(key)) return { kind: 'SEEK_TO', share: Number(key) / 10 }
  switch (key.toLowerCase()) {
    case ' ':
    case 'k':
      return { kind: 'TOGGLE' }
    case 'm':
      return { kind: 'MUTE' }
    case 'f':
      return { kind: 'FULLSCREEN' }
    case 'c':
      return { kind: 'CAPTIONS' }
    // The timeline runs from left to right in every language.
    case 'arrowleft':
      return { kind: 'SEEK_BY', seconds: -5 }
    case 'arrowright':
      return { kind: 'SEEK_BY', seconds: 5 }
    case 'j':
      return { kind: 'SEEK_BY', seconds: -10 }
    case 'l':
      return { kind: 'SEEK_BY', seconds: 10 }
    default:
      return null
  }
}
