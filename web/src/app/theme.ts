/** The themes that a user can choose; null follows the device. */
export type Theme = 'light' | 'dark' | null

const KEY = 'moblog-theme'

export function chosenTheme(): Theme {
  const theme = localStorage.getItem(KEY)
  return theme === 'light' || theme === 'dark' ? theme : null
}

/** Shows the chosen theme, at the start and after each change. */
export function showTheme(): void {
  const theme = chosenTheme()
  if (theme) document.documentElement.dataset.theme = theme
  else delete document.documentElement.dataset.theme
  // The frame of the browser too: index.html has a colour for light and one for dark.
  const frames = document.querySelectorAll<HTMLMetaElement>('[name=theme-color]')
  for (const [index, scheme] of (['light', 'dark'] as const).entries()) {
    const media = theme ? (theme === scheme ? 'all' : 'not all') : `(prefers-color-scheme: ${scheme})`
    frames[index]?.setAttribute('media', media)
  }
}

export function chooseTheme(theme: Theme): void {
  if (theme) localStorage.setItem(KEY, theme)
  else localStorage.removeItem(KEY)
  showTheme()
}
