import { DESIGN_TOKENS } from '../../../platform/pages/design-tokens.ts'
import { HUES } from './render-avatar.ts'

/** A tint: a part of a colour with the hue of a user, and for the rest a token. The shares and parts are in percent. */
export type Tint = { saturation: number; lightness: number; share: number; token: string }

/** The colours behind and of initials. A test compares them with those of the web client. */
export const BEHIND: Tint = { saturation: 62, lightness: 60, share: 25, token: '--color-surface' }
export const LETTERS: Tint = { saturation: 70, lightness: 45, share: 35, token: '--color-ink' }

/**
 * The rules for the initials of each hue in one theme. They contain the mixed colours, because older phones do not know
 * `color-mix()`.
 */
export const initialsStyle = (theme: 'light' | 'dark'): string =>
  HUES.map(
    (hue, index) =>
      `.hue${index}{background:${mixed(BEHIND, hue, theme)};color:${mixed(LETTERS, hue, theme)}}`,
  ).join('')

function mixed({ saturation, lightness, share, token }: Tint, hue: number, theme: 'light' | 'dark'): string {
  const other = DESIGN_TOKENS.get(token)?.[theme] ?? ''
  const parts = rgbOf(hue, saturation, lightness).map((part, index) => {
    const rest = Number.parseInt(other.slice(1 + 2 * index, 3 + 2 * index), 16)
    return Math.round((part * share + rest * (100 - share)) / 100)
  })
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`
}

/** The red, green and blue of a colour, from 0 to 255. The formula is that of CSS Color 4. */
function rgbOf(hue: number, saturation: number, lightness: number): number[] {
  const light = lightness / 100
  const range = (saturation / 100) * Math.min(light, 1 - light)
  return [0, 8, 4].map((offset) => {
    const place = (offset + hue / 30) % 12
    return 255 * (light - range * Math.max(-1, Math.min(place - 3, 9 - place, 1)))
  })
}
