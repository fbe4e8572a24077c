import { focused } from '../focused.ts'

const CONTROLS = 'a[href],button,input,select,textarea,summary,[tabindex]'

/** An element that has the focus or is around it, and the elements beside it. */
type Place = { element: Element; root: Node; beside: readonly (Element | null)[] }

/**
 * Gives the focus to what is near a control that disappears while it has the focus, such as the button of a row that is
 * deleted: to what takes its place, the row that follows, the row before, or the heading of the screen. Browsers give it to no element, so that
 * users of a keyboard or a screen reader begin again at the top of the page.
 */
export function keepFocus(signal: AbortSignal): void {
  let places: Place[] = []
  let control: Element | null = null
  const observed = new WeakSet<Node>()
  const note = () => {
    control = focused()
    places = control ? placesOf(control) : []
    for (const { root } of places) {
      if (observed.has(root)) continue
      observed.add(root)
      observer.observe(root, { childList: true, subtree: true })
    }
  }
  const observer = new MutationObserver((changes) => {
    if (control === null || focused() !== null) return note()
    // While the user is in another window or in the bars of the browser, the focus is theirs.
    if (!document.hasFocus()) return
    // A row that moves loses the focus too.
    if (control.isConnected) focus(control)
    else focusNear(places, changes)
    note()
  })
  signal.addEventListener('abort', () => observer.disconnect())
  // Elements outside a shadow tree do not hear of the focus that moves in it.
  for (const name of ['focusin', 'keydown', 'click']) addEventListener(name, note, { capture: true, signal })
  note()
}

function placesOf(control: Element): Place[] {
  const places: Place[] = []
  let element: Element | null = control
  while (element) {
    const root: Node = element.getRootNode()
    places.push({ element, root, beside: [element.nextElementSibling, element.previousElementSibling] })
    element = element.parentElement ?? (root instanceof ShadowRoot ? root.host : null)
  }
  return places
}

function focusNear(places: readonly Place[], changes: readonly MutationRecord[]): void {
  const gone = places.findLast(({ element }) => !element.isConnected)
  // What is beside a dialog is the whole screen, not a row.
  const beside = gone?.root === document ? [] : [...successors(gone, changes), ...(gone?.beside ?? [])]
  for (const row of beside) if (row?.isConnected && everyControl(row).some(focus)) return
  for (const heading of everyMatch(document.body, 'h1,main').reverse()) {
    if (heading instanceof HTMLElement && !heading.hasAttribute('tabindex')) heading.tabIndex = -1
    if (focus(heading)) return
  }
}

/** The elements that were added where one was removed, such as the notice in the place of a post that was hidden. */
function successors(gone: Place | undefined, changes: readonly MutationRecord[]): Element[] {
  const removal = changes.find(({ removedNodes }) => [...removedNodes].some((node) => node === gone?.element))
  const added = changes.flatMap(({ target, addedNodes }) =>
    target === removal?.target ? [...addedNodes] : [],
  )
  return added.filter((node) => node instanceof Element)
}

const everyControl = (row: Element): Element[] => [
  ...(row.matches(CONTROLS) ? [row] : []),
  ...everyMatch(row, CONTROLS),
]

/** The elements in another one that match, also in shadow trees, in their order on the screen. */
function everyMatch(within: Element, selector: string): Element[] {
  const children = [...(within.shadowRoot?.children ?? []), ...within.children]
  return children.flatMap((child) => [
    ...(child.matches(selector) ? [child] : []),
    ...everyMatch(child, selector),
  ])
}

/** Returns whether the element has the focus now: it may be hidden, disabled or below a dialog. */
function focus(element: Element): boolean {
  if (element instanceof HTMLElement) element.focus({ preventScroll: true })
  return element === focused()
}
