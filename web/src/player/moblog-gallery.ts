import { askRenewal } from './ask-renewal.ts'
import { GALLERY_STYLE } from './gallery-style.ts'
import { drawPlaceholder } from './placeholder.ts'
import type { PlayerMedia } from './player-media.ts'
import { showPicture, stillOf } from './show-picture.ts'
import { type PlayerWords, wordsFor } from './words.ts'
import { keepInside, swipeOf, type View, WHOLE, zoomAt } from './zoom.ts'

let sheet: CSSStyleSheet | undefined

const ARROW =
  '<svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2"><path d="m9 5 7 7-7 7"/></svg>'

/** Shows photos to swipe through, and one of them larger, with zoom (docs/clients.md, Custom elements). */
export class MoblogGallery extends HTMLElement {
  #items: readonly PlayerMedia[] = []
  #row: HTMLElement | null = null
  #words: PlayerWords | null = null
  #shown = 0

  get items(): readonly PlayerMedia[] {
    return this.#items
  }

  set items(items: readonly PlayerMedia[]) {
    const before = this.#items
    this.#items = items.filter(({ kind, access }) => kind === 'IMAGE' && access !== null)
    if (!this.isConnected) return
    // Addresses are renewed while the user swipes and zooms.
    if (idsOf(before) === idsOf(this.#items) && this.#words === wordsFor(this)) this.#update(before)
    else this.#render()
  }

  connectedCallback(): void {
    this.#render()
  }

  #render(): void {
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' })
    if (!sheet) {
      sheet = new CSSStyleSheet()
      sheet.replaceSync(GALLERY_STYLE)
    }
    root.adoptedStyleSheets = [sheet]
    const words = wordsFor(this)
    const row = make('div', 'row')
    this.#row = row
    this.#words = words
    this.#shown = 0
    row.append(...this.#items.map((item, index) => this.#photo(item, index, words)))
    const dots = make('div', 'dots')
    dots.hidden = this.#items.length < 2
    dots.setAttribute('aria-hidden', 'true')
    dots.append(...this.#items.map((_, index) => make('span', index === 0 ? 'now' : '')))
    const [back, on] = [
      mover('back', words.previous, () => this.#scrollTo(this.#shown - 1)),
      mover('on', words.next, () => this.#scrollTo(this.#shown + 1)),
    ]
    const mark = () => {
      const share = Math.abs(row.scrollLeft) / Math.max(1, row.clientWidth)
      this.#shown = Math.min(this.#items.length - 1, Math.round(share))
      for (const [index, dot] of [...dots.children].entries())
        dot.classList.toggle('now', index === this.#shown)
      back.hidden = this.#shown <= 0
      on.hidden = this.#shown === this.#items.length - 1
    }
    row.addEventListener('scroll', mark, { passive: true })
    mark()
    root.replaceChildren(row, back, on, dots)
  }

  #photo(item: PlayerMedia, index: number, words: PlayerWords): HTMLElement {
    const button = make('button', 'photo')
    button.type = 'button'
    this.#showIn(button, item)
    this.#describe(button, index, words)
    button.addEventListener('click', () => this.#open(index))
    return button
  }

  /** Shows the same photos with what is new about them: their addresses, texts and placeholders. */
  #update(before: readonly PlayerMedia[]): void {
    for (const [index, button] of [...(this.#row?.children ?? [])].entries()) {
      const [old, item] = [before[index]?.access, this.#items[index]]
      if (!(button instanceof HTMLElement) || !old || !item?.access) continue
      const still = stillOf(item.access)
      // What is loaded stays, unless there was only the poster of the photo.
      const isNew = button.querySelector('img')?.naturalWidth
        ? !old.progressiveUrl && item.access.progressiveUrl
        : still !== stillOf(old)
      if (still !== null && isNew) this.#showIn(button, item)
      this.#describe(button, index, wordsFor(this))
    }
  }

  #showIn(button: HTMLElement, item: PlayerMedia): void {
    const image = make('img', '')
    image.loading = 'lazy'
    image.decoding = 'async'
    button.querySelector('img')?.remove()
    button.append(image)
    void showPicture(image, item, () => askRenewal(this, item.id))
  }

  #describe(button: HTMLElement, index: number, words: PlayerWords): void {
    const [item, image] = [this.#items[index], button.querySelector('img')]
    if (!item || !image) return
    if (item.width && item.height) button.style.setProperty('--ratio', String(item.width / item.height))
    if (item.dominantColor) button.style.setProperty('--colour', item.dominantColor)
    if (item.placeholder && !button.querySelector('canvas')) {
      const canvas = document.createElement('canvas')
      drawPlaceholder(canvas, item.placeholder)
      button.prepend(canvas)
    }
    image.alt = nameOf(item, words)
    const name = placed(image.alt, index, this.#items.length, words)
    button.setAttribute('aria-label', words.zoom + words.colon + name)
  }

  #scrollTo(index: number): void {
    this.#row?.children[index]?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }

  /** Shows a photo over the whole page. */
  #open(first: number): void {
    const words = wordsFor(this)
    const isRtl = getComputedStyle(this).direction === 'rtl'
    const dialog = make('dialog', '')
    dialog.tabIndex = -1
    let image = make('img', 'eased')
    const count = make('p', 'count')
    count.setAttribute('role', 'status')
    const close = make('button', 'close')
    close.textContent = words.close
    close.addEventListener('click', () => dialog.close())
    let index = first
    let view: View = WHOLE
    const draw = () => {
      const frame = { width: dialog.clientWidth, height: dialog.clientHeight }
      // The size of a photo that is still being loaded is not known.
      const photo = image.naturalWidth ? { width: image.naturalWidth, height: image.naturalHeight } : frame
      view = keepInside(view, frame, photo)
      image.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`
    }
    const [back, on] = [
      mover('back', words.previous, () => show(index - 1)),
      mover('on', words.next, () => show(index + 1)),
    ]
    const show = (next: number) => {
      const item = this.#items[next]
      if (!item) return
      index = next
      view = WHOLE
      const picture = make('img', 'eased')
      picture.alt = nameOf(item, words)
      picture.addEventListener('load', draw)
      image.replaceWith(picture)
      image = picture
      // The addresses may have expired since the photo was first shown.
      void showPicture(picture, item, () => askRenewal(this, item.id))
      dialog.setAttribute('aria-label', image.alt)
      count.textContent = this.#items.length > 1 ? `${next + 1} / ${this.#items.length}` : ''
      for (const [arrow, end] of [
        [back, 0],
        [on, this.#items.length - 1],
      ] as const) {
        // Keys that are pressed on a hidden arrow would reach the page behind.
        if (next === end && arrow.matches(':focus')) dialog.focus()
        arrow.hidden = next === end
      }
      draw()
    }
    const turn = (by: number) => show(index + (isRtl ? -by : by))
    followPointers(dialog, {
      view: () => view,
      onView(next, isMoving) {
        view = next
        image.classList.toggle('eased', !isMoving)
        draw()
      },
      onSwipe(swipe) {
        if (swipe === 'CLOSE') dialog.close()
        else turn(swipe === 'LEFT' ? 1 : -1)
      },
    })
    dialog.addEventListener('keydown', (event) => {
      const { key, target } = event
      // These are shortcuts of the browser, for example to go back or to zoom the page.
      if (event.altKey || event.ctrlKey || event.metaKey) return
      // These keys would scroll the page behind. On a button, Space presses it.
      if (/^(Arrow|Page|Home|End)/.test(key) || (key === ' ' && target === dialog)) event.preventDefault()
      if (key === 'ArrowRight') turn(1)
      else if (key === 'ArrowLeft') turn(-1)
      else if (key === '+' || key === '-') {
        view = zoomAt(view, key === '+' ? 1.5 : 1 / 1.5, { x: 0, y: 0 })
        draw()
      }
    })
    dialog.addEventListener('close', () => {
      dialog.remove()
      this.#scrollTo(index)
      const photo = this.#row?.children[index]
      if (photo instanceof HTMLElement) photo.focus({ preventScroll: true })
    })
    dialog.append(image, back, on, count, close)
    this.shadowRoot?.append(dialog)
    dialog.showModal()
    // A phone may be turned while a photo is zoomed.
    new ResizeObserver(draw).observe(dialog)
    const opened = { detail: dialog, bubbles: true, composed: true }
    this.dispatchEvent(new CustomEvent('moblog-dialog-opened', opened))
    show(first)
    dialog.focus()
  }
}

type Following = {
  view(): View
  onView(view: View, isMoving: boolean): void
  onSwipe(swipe: 'LEFT' | 'RIGHT' | 'CLOSE'): void
}

/** Follows fingers and the mouse: two fingers zoom, one moves or swipes, two taps zoom in and out. */
function followPointers(frame: HTMLElement, { view, onView, onSwipe }: Following): void {
  const pointers = new Map<number, { x: number; y: number }>()
  let began: { x: number; y: number; at: number } | null = null
  let tappedAt = Number.NEGATIVE_INFINITY
  const fromCentre = ({ x, y }: { x: number; y: number }) => ({
    x: x - frame.clientWidth / 2,
    y: y - frame.clientHeight / 2,
  })
  const spread = () => {
    const [one, other] = [...pointers.values()]
    if (!one || !other) return null
    return {
      distance: Math.hypot(one.x - other.x, one.y - other.y),
      x: (one.x + other.x) / 2,
      y: (one.y + other.y) / 2,
    }
  }
  const place = ({ clientX, clientY }: MouseEvent) => ({ x: clientX, y: clientY })
  frame.addEventListener('pointerdown', (event) => {
    // It opens the menu of the browser, on a Mac also with Control and the first button.
    if (event.button || event.ctrlKey) return
    if (event.target instanceof Element && event.target.closest('button')) return
    frame.setPointerCapture(event.pointerId)
    pointers.set(event.pointerId, place(event))
    began = pointers.size === 1 ? { ...place(event), at: event.timeStamp } : null
  })
  frame.addEventListener('pointermove', (event) => {
    const before = pointers.get(event.pointerId)
    if (!before) return
    const pinched = spread()
    pointers.set(event.pointerId, place(event))
    const pinch = spread()
    if (pinched && pinch) {
      const by = pinch.distance / Math.max(1, pinched.distance)
      const { scale, x, y } = zoomAt(view(), by, fromCentre(pinch))
      onView({ scale, x: x + pinch.x - pinched.x, y: y + pinch.y - pinched.y }, true)
    } else if (view().scale > 1) {
      const { scale, x, y } = view()
      onView({ scale, x: x + event.clientX - before.x, y: y + event.clientY - before.y }, true)
    }
  })
  const end = (event: PointerEvent) => {
    if (!pointers.delete(event.pointerId) || !began) return
    const [dx, dy] = [event.clientX - began.x, event.clientY - began.y]
    const swipe = view().scale === 1 ? swipeOf(dx, dy, event.timeStamp - began.at) : null
    began = null
    if (swipe) return onSwipe(swipe)
    if (Math.hypot(dx, dy) > 10) return
    const isDouble = event.timeStamp - tappedAt < 300
    tappedAt = isDouble ? Number.NEGATIVE_INFINITY : event.timeStamp
    if (isDouble) onView(view().scale > 1 ? WHOLE : zoomAt(view(), 2.5, fromCentre(place(event))), false)
  }
  frame.addEventListener('pointerup', end)
  frame.addEventListener('pointercancel', ({ pointerId }) => void pointers.delete(pointerId))
  frame.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault()
      onView(zoomAt(view(), Math.exp(-event.deltaY / 300), fromCentre(place(event))), true)
    },
    { passive: false },
  )
}

/** A button that leads to the photo before or after the one that is shown. */
function mover(name: 'back' | 'on', label: string, act: () => void): HTMLButtonElement {
  const button = make('button', `move ${name}`)
  button.type = 'button'
  button.innerHTML = ARROW
  button.setAttribute('aria-label', label)
  button.addEventListener('click', act)
  return button
}

const idsOf = (items: readonly PlayerMedia[]): string => items.map(({ id }) => id).join()

function nameOf({ altText, title }: PlayerMedia, words: PlayerWords): string {
  return altText || title || words.photo
}

/** A name with the place among several, as in `Photo (2 of 3)`. */
const placed = (name: string, index: number, count: number, { of }: PlayerWords): string =>
  count > 1 ? `${name} (${index + 1} ${of} ${count})` : name

function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className: string,
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name)
  element.className = className
  return element
}

customElements.define('moblog-gallery', MoblogGallery)

declare global {
  interface HTMLElementTagNameMap {
    'moblog-gallery': MoblogGallery
  }
}
