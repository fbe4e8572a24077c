import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'

const IN_PAGE = readFileSync(new URL('./layout-in-page.js', import.meta.url), 'utf8')

/** A screen of a user: its size in CSS pixels, how large they have set their text, and their theme. */
export type Reading = {
  width: number
  height: number
  text: '100%' | '200%'
  colorScheme: 'light' | 'dark'
}

/** How users of phones read: on the smallest and on a usual one, with large text, and sideways. */
const READINGS: readonly Reading[] = [
  { width: 320, height: 568, text: '100%', colorScheme: 'light' },
  { width: 390, height: 844, text: '200%', colorScheme: 'dark' },
  { width: 390, height: 844, text: '100%', colorScheme: 'dark' },
  { width: 844, height: 390, text: '100%', colorScheme: 'light' },
]

/** Gives the page the size, text and theme of a reading. */
export async function readAs(page: Page, { width, height, text, colorScheme }: Reading): Promise<void> {
  await page.setViewportSize({ width, height })
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
  await page.evaluate(`document.documentElement.style.fontSize = ${JSON.stringify(text)}`)
  await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))')
}

/**
 * Finds what is wrong with the layout of what the page shows, in each reading: it is wider than the screen, a control is cut
 * off, covered or smaller than a finger needs, a word is broken, or of a name almost nothing is left.
 */
export async function layoutProblems(page: Page, readings = READINGS): Promise<string[]> {
  const problems: string[] = []
  await page.evaluate(IN_PAGE)
  for (const reading of readings) {
    await readAs(page, reading)
    const { width, height, text } = reading
    const found = await page.evaluate<string[]>(`findLayoutProblems(${width})`)
    problems.push(...found.map((problem) => `${width}x${height} at ${text}: ${problem}`))
  }
  return problems
}
