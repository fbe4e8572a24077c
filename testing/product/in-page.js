// Runs inside a page under test, before the page's own scripts. It measures what only the browser knows about the page.

const shifts = []
new PerformanceObserver((list) => shifts.push(...list.getEntries())).observe({
  type: 'layout-shift',
  buffered: true,
})

/** The relative luminance of a colour, from 0 to 1 (WCAG 2.2). */
function luminance([red, green, blue]) {
  const [r, g, b] = [red, green, blue].map((value) => {
    const share = value / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

const numbers = (colour) => colour.match(/[\d.]+/g).map(Number)

function backgroundOf(element) {
  for (let each = element; each; each = each.parentElement) {
    const colour = numbers(getComputedStyle(each).backgroundColor)
    if (colour.length === 3 || colour[3] === 1) return colour
  }
  return [255, 255, 255]
}

function contrast(element) {
  const [one, other] = [numbers(getComputedStyle(element).color), backgroundOf(element)].map(luminance)
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
}

globalThis.inPage = {
  /** The elements that have shifted so far without recent input, and how far (https://web.dev/articles/cls). */
  layoutShifts: () =>
    shifts
      .filter(({ hadRecentInput }) => !hadRecentInput)
      // A source without a node is inside the browser's own controls.
      .filter(({ sources }) => sources.some(({ node }) => node))
      .map(({ value, sources }) => ({
        value,
        moved: sources.map(({ node, previousRect, currentRect }) => ({
          what: (node?.outerHTML ?? node?.textContent ?? '').slice(0, 100),
          from: previousRect.toJSON(),
          to: currentRect.toJSON(),
        })),
      })),

  /** Texts whose contrast with their background is below 4.5 to 1. */
  faintTexts() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const faint = []
    while (walker.nextNode()) {
      const { parentElement, textContent } = walker.currentNode
      if (!textContent.trim() || !parentElement.checkVisibility()) continue
      if (contrast(parentElement) < 4.5) faint.push(textContent.trim())
    }
    return faint
  },

  /** What can be tapped and is smaller than a fingertip, 44 px; links inside a text are part of it. */
  smallTargets() {
    return [...document.querySelectorAll('a, button, audio, video')]
      .filter((element) => element.checkVisibility() && !element.matches('p a'))
      .filter((element) => {
        const { width, height } = element.getBoundingClientRect()
        return width < 44 || height < 44
      })
      .map(({ outerHTML }) => outerHTML)
  },

  /** The side on which the text starts that begins with a word: `left` or `right`. */
  startOf(word) {
    const paragraph = [...document.querySelectorAll('p')].find(({ textContent }) =>
      textContent.startsWith(word),
    )
    const range = document.createRange()
    range.setStart(paragraph.firstChild, 0)
    range.setEnd(paragraph.firstChild, word.length)
    const [inner, outer] = [range, paragraph].map((each) => each.getBoundingClientRect())
    return inner.left - outer.left < outer.right - inner.right ? 'left' : 'right'
  },

  /** How far the last text in each of these elements is from the lower edge of its element. A button is as low as its edge. */
  roomsBelow: (selector) =>
    [...document.querySelectorAll(selector)].map((element) => {
      const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
      let last = null
      while (walker.nextNode()) if (walker.currentNode.textContent.trim()) last = walker.currentNode
      const range = document.createRange()
      range.selectNodeContents(last)
      const lowest = last.parentElement.closest('.button') ?? range
      return element.getBoundingClientRect().bottom - lowest.getBoundingClientRect().bottom
    }),

  /** How wide the first of these characters in an element is, as a part of the size of its font. */
  widthOf(selector, character) {
    const element = document.querySelector(selector)
    const start = element.firstChild.textContent.indexOf(character)
    const range = document.createRange()
    range.setStart(element.firstChild, start)
    range.setEnd(element.firstChild, start + character.length)
    return range.getBoundingClientRect().width / Number.parseFloat(getComputedStyle(element).fontSize)
  },

  /** Scrolls to the end and back, so that all that waits to be seen is loaded. */
  async seeAll() {
    for (let y = 0; y < document.body.scrollHeight; y += 400) {
      scrollTo(0, y)
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
    await Promise.all([...document.images].map((image) => image.decode()))
    scrollTo(0, 0)
    await new Promise((resolve) => setTimeout(resolve, 100))
  },

  /** What plays: how far it came, and from where. */
  playing() {
    const { currentTime, currentSrc, paused, error } = document.querySelector('video')
    return { currentTime, currentSrc, paused, error: error?.message ?? null }
  },
}
