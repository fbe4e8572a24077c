/** The languages of the client. Both are written in every catalogue, see `catalogue`. */
export type Language = 'en' | 'zh-Hans'

const KEY = 'moblog-language'
const listeners = new Set<() => void>()
let current: Language = 'en'

/** Chooses the language of a user: the one that they chose here before, or the first that their browser prefers. */
export function preferredLanguage(chosen: string | null, preferred: readonly string[]): Language {
  if (chosen === 'en' || chosen === 'zh-Hans') return chosen
  const known = preferred.find((tag) => /^(en|zh)\b/i.test(tag))
  return known !== undefined && /^zh/i.test(known) ? 'zh-Hans' : 'en'
}

export const language = (): Language => current

/** Returns the language of an element: that of the closest `lang`, also outside of the shadow trees that it is in. */
export function languageOf(element: Element): Language {
  let each: Element | null = element
  while (each) {
    const tag: string | null | undefined = each.closest('[lang]')?.getAttribute('lang')
    if (tag) return preferredLanguage(null, [tag])
    const root: Node = each.getRootNode()
    each = root instanceof ShadowRoot ? root.host : null
  }
  return preferredLanguage(null, navigator.languages)
}

/** Sets the language at the start of the program. */
export function startLanguage(): void {
  setLanguage(preferredLanguage(localStorage.getItem(KEY), navigator.languages))
}

/** Remembers the language that the user has chosen, and shows it everywhere. */
export function chooseLanguage(chosen: Language): void {
  localStorage.setItem(KEY, chosen)
  setLanguage(chosen)
}

/** Calls the listener after each change of the language. Returns a function that ends this. */
export function onLanguageChange(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

function setLanguage(chosen: Language): void {
  current = chosen
  document.documentElement.lang = chosen
  for (const listener of listeners) listener()
}
