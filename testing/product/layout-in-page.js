// Finds what is wrong with the layout of the screen that is shown. Runs in the page; layout-problems.ts calls it.
globalThis.findLayoutProblems = (width) => {
  const TARGET = 43.5
  const CONTROLS =
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=tab]'

  const parentOf = (node) => node.assignedSlot ?? node.parentElement ?? node.getRootNode().host ?? null
  const ancestorsOf = (node) => {
    const all = []
    for (let each = parentOf(node); each; each = parentOf(each)) all.push(each)
    return all
  }
  const within = (root) =>
    [...root.querySelectorAll('*')].flatMap((each) => [
      each,
      ...(each.shadowRoot ? within(each.shadowRoot) : []),
    ])
  const dialog = within(document).findLast((each) => each.matches('dialog:modal'))
  const shown = (dialog ? within(dialog) : within(document)).filter((each) => {
    const { width, height } = each.getBoundingClientRect()
    return (
      width > 1 && height > 1 && each.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    )
  })
  const scrolls = (each) => /auto|scroll/.test(getComputedStyle(each).overflowX)
  const clips = (each) => /hidden|clip/.test(getComputedStyle(each).overflowX)
  const isInRow = (each) => ancestorsOf(each).some(scrolls)

  const problems = []
  const report = (kind, element, more = '') => {
    const name = element.getAttribute('aria-label') ?? element.textContent.trim().replace(/\s+/g, ' ')
    const host = element.getRootNode().host?.localName ?? ''
    const { className, localName } = element
    const ownClass = typeof className === 'string' && className ? `.${className.split(' ').join('.')}` : ''
    problems.push(`${kind}: ${host} ${localName}${ownClass} "${name.slice(0, 30)}" ${more}`.trim())
  }

  // The layout viewport of a phone grows with its content, so nothing overflows there: it is compared with the screen.
  const wide = Math.max(innerWidth, document.documentElement.scrollWidth)
  if (wide > width) problems.push(`the page is ${wide} px wide instead of ${width}`)

  for (const each of shown) {
    const style = getComputedStyle(each)
    const parent = ancestorsOf(each).find((above) => getComputedStyle(above).display !== 'contents')
    const isLaidOut = /static|relative/.test(style.position) && !/inline|contents/.test(style.display)
    if (!parent || !isLaidOut || each.closest('svg') || scrolls(parent)) continue
    if (getComputedStyle(parent).display === 'inline') continue
    const [box, around] = [each.getBoundingClientRect(), parent.getBoundingClientRect()]
    if (box.width > around.width + 1 && box.right > around.right + 1)
      report('wider than its parent', each, `${Math.round(box.width)} > ${Math.round(around.width)}`)
  }

  /** What a finger can press to use a control. */
  const targetsOf = (control) => {
    const isByLabel = /file|checkbox|radio/.test(control.type)
    return [control, ...(isByLabel ? control.labels : [])]
  }
  const hitAt = (x, y) => {
    let hit = document.elementFromPoint(x, y)
    while (hit?.shadowRoot?.elementFromPoint(x, y) && hit.shadowRoot.elementFromPoint(x, y) !== hit)
      hit = hit.shadowRoot.elementFromPoint(x, y)
    return hit
  }
  const scroller = dialog ?? document.scrollingElement
  const scrolled = scroller.scrollTop
  for (const control of shown.filter((each) => each.matches(CONTROLS))) {
    if (control.matches('[tabindex="-1"]:not([role=tab])') || control.closest('[aria-hidden=true]')) continue
    const style = getComputedStyle(control)
    if (style.clipPath !== 'none' || control.matches('.only-heard')) continue
    const targets = targetsOf(control).map((each) => each.getBoundingClientRect())
    const isLarge = targets.some((box) => box.width >= TARGET && box.height >= TARGET)
    if (!isLarge && style.display !== 'inline')
      report(
        'too small',
        control,
        targets.map((box) => `${Math.round(box.width)}x${Math.round(box.height)}`).join(),
      )
    // What is in a row that scrolls, and a link in the part of a text that a card leaves out.
    const isLeftOut = (above) => getComputedStyle(above).webkitLineClamp !== 'none'
    if (isInRow(control) || (style.display === 'inline' && ancestorsOf(control).some(isLeftOut))) continue
    // Only upwards and downwards, as a finger scrolls: what is cut off at the side stays so.
    const place = control.getBoundingClientRect()
    scroller.scrollTop += place.top + place.height / 2 - innerHeight / 2
    const box = control.getBoundingClientRect()
    const cutting = ancestorsOf(control)
      .filter(clips)
      .map((each) => each.getBoundingClientRect())
    const edges = [{ left: 0, right: width, top: 0, bottom: innerHeight }, ...cutting]
    const isCut = edges.some(({ left, right }) => box.left < left - 1 || box.right > right + 1)
    const isLow = cutting.some(({ top, bottom }) => box.top < top - 1 || box.bottom > bottom + 1)
    if (isCut || isLow) report('cut off', control, `${Math.round(box.left)}..${Math.round(box.right)}`)
    const [line] = control.getClientRects()
    const hit = hitAt((line.left + line.right) / 2, (line.top + line.bottom) / 2)
    const isHit = hit && [hit, ...ancestorsOf(hit)].some((each) => targetsOf(control).includes(each))
    if (!isHit && !(hit && ancestorsOf(control).includes(hit) && control.disabled))
      report('covered', control, hit ? `by ${hit.localName}.${hit.className}` : 'or off the screen')
  }
  scroller.scrollTop = scrolled

  const linesOf = (range) => {
    const tops = [...range.getClientRects()]
      .filter(({ width }) => width > 0)
      .map(({ top }) => Math.round(top / 4))
    return new Set(tops).size
  }
  for (const element of shown) {
    const style = getComputedStyle(element)
    if (element.matches('textarea, select, option, .only-heard') || style.clipPath !== 'none') continue
    for (const node of element.childNodes) {
      if (node.nodeType !== 3 || node.data.trim().length < 2) continue
      for (const word of node.data.slice(0, 300).matchAll(/[\p{L}\p{M}\p{N}’_]{2,}/gu)) {
        const range = new Range()
        range.setStart(node, word.index)
        range.setEnd(node, word.index + word[0].length)
        const lines = linesOf(range)
        // Chinese may be broken anywhere, but not after each character.
        const isHan = /\p{Script=Han}/u.test(word[0])
        if (lines > 1 && (isHan ? lines > 2 && word[0].length / lines < 2 : word[0].length < 12))
          report('broken word', element, `${word[0]} on ${lines} lines`)
        else if (!isHan && lines > 2 && word[0].length / lines < 4)
          report('broken word', element, `${word[0]} on ${lines} lines`)
      }
    }
    const isCut =
      clips(element) && style.textOverflow === 'ellipsis' && element.scrollWidth > element.clientWidth + 1
    if (isCut && element.clientWidth < 4 * Number.parseFloat(style.fontSize))
      report('cut to almost nothing', element, `${element.clientWidth} px`)
  }
  return [...new Set(problems)]
}
