/**
 * Places a list of suggestions below the line of the caret of a field, or above it if there is more room. Both are in the
 * same positioned element, at whose top the field begins.
 */
export function placeAtCaret(list: HTMLElement, field: HTMLTextAreaElement): void {
  const line = caretLine(field)
  const { top } = field.getBoundingClientRect()
  const screen = freeScreen()
  const [above, below] = [top + line.top - screen.top, screen.bottom - top - line.bottom]
  const isBelow = list.offsetHeight <= below || above <= below
  const around = field.parentElement?.offsetHeight ?? 0
  list.style.insetBlock = isBelow ? `${line.bottom}px auto` : `auto ${around - line.top}px`
  list.scrollIntoView({ block: 'nearest' })
}

/** Scrolls the line of the caret between the bars of the screen. Browsers do so before a field has grown by a line. */
export function showCaret(field: HTMLTextAreaElement): void {
  const line = caretLine(field)
  const { top } = field.getBoundingClientRect()
  const screen = freeScreen()
  scrollBy(0, Math.max(0, top + line.bottom - screen.bottom) || Math.min(0, top + line.top - screen.top))
}

/** Where the line of the caret is, from the top of its field. */
function caretLine(field: HTMLTextAreaElement): { top: number; bottom: number } {
  // A copy that ends at the caret is as high as the lines up to it. Browsers tell the place of a caret in no other way. It is
  // outside of the layout of the page, which would otherwise be scrolled to another place.
  const copy = document.createElement('textarea')
  copy.className = field.className
  copy.dir = field.dir
  copy.value = field.value.slice(0, field.selectionEnd)
  copy.style.cssText =
    'position: fixed; inset-block-start: 0; visibility: hidden; overflow: hidden; min-block-size: 0; block-size: 0; field-sizing: fixed'
  copy.style.inlineSize = `${field.offsetWidth}px`
  field.after(copy)
  const { lineHeight, paddingBottom } = getComputedStyle(copy)
  const bottom = field.clientTop + copy.scrollHeight - Number.parseFloat(paddingBottom) - field.scrollTop
  copy.remove()
  return { top: bottom - Number.parseFloat(lineHeight), bottom }
}

/** The part of the screen between its bars, and above the keyboard of a phone. */
function freeScreen(): { top: number; bottom: number } {
  const { scrollPaddingBlockStart, scrollPaddingBlockEnd } = getComputedStyle(document.documentElement)
  const seen = window.visualViewport
  const keyboardTop = seen ? seen.offsetTop + seen.height : innerHeight
  return {
    top: Number.parseFloat(scrollPaddingBlockStart),
    bottom: Math.min(keyboardTop, innerHeight - Number.parseFloat(scrollPaddingBlockEnd)),
  }
}
