import { type Captions, createCaptions } from './captions.ts'
import type { Caption } from './player-media.ts'
import type { PlayerParts } from './player-shadow.ts'

/** The menu of a player's captions. It is a list of the browser, which every phone shows in its own way. */
export type CaptionsMenu = {
  /**
   * Shows which captions there are; without any, the menu is hidden.
   *
   * @param current the same captions with addresses that have not expired
   */
  offer(tracks: readonly Caption[], current: () => readonly Caption[]): void
  /** Chooses the next captions, or none after the last ones. */
  next(): void
  /** The text at a position; null if there is none. */
  textAt(seconds: number): string | null
  stop(): void
}

/**
 * @param off what stands in the menu for no captions
 * @param onChange is called when other captions are shown
 */
export function createCaptionsMenu(
  { captions: menu, captionsMenu: select }: Pick<PlayerParts, 'captions' | 'captionsMenu'>,
  off: string,
  onChange: () => void,
): CaptionsMenu {
  let captions: Captions = createCaptions([])

  async function choose(index: number): Promise<void> {
    const chosen = captions
    await chosen.show(index).catch(() => {})
    if (chosen !== captions) return
    select.value = String(captions.shown)
    menu.classList.toggle('on', captions.shown >= 0)
    onChange()
  }

  select.addEventListener('change', () => void choose(Number(select.value)))
  return {
    offer(tracks, current) {
      captions.stop()
      captions = createCaptions(tracks, current)
      menu.hidden = tracks.length === 0
      menu.classList.remove('on')
      const options = tracks.map(({ label, language }, index) => {
        const option = new Option(label, String(index))
        option.lang = language
        return option
      })
      select.replaceChildren(new Option(off, '-1', true, true), ...options)
    },
    next() {
      const { shown, tracks } = captions
      void choose(shown + 1 < tracks.length ? shown + 1 : -1)
    },
    textAt: (seconds) => captions.textAt(seconds),
    stop: () => captions.stop(),
  }
}
