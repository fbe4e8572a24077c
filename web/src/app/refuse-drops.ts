/**
 * Keeps the browser from opening a file that is dropped beside a drop target, which would end the client. Elements that
 * take files prevent the default of both events themselves.
 */
export function refuseDrops(target: EventTarget = globalThis): void {
  const refuse = (event: Event) => {
    const { dataTransfer } = event as DragEvent
    // A text may be dropped into a field.
    if (event.defaultPrevented || !dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    dataTransfer.dropEffect = 'none'
  }
  for (const name of ['dragover', 'drop']) target.addEventListener(name, refuse)
}
