import { refuseDrops } from './refuse-drops.ts'

describe('what is dropped into the window', () => {
  const dispatched = (name: string, types: readonly string[], isTaken = false) => {
    const target = new EventTarget()
    if (isTaken) target.addEventListener(name, (event) => event.preventDefault())
    refuseDrops(target)
    const dataTransfer = { types, dropEffect: 'copy' }
    const event = Object.assign(new Event(name, { cancelable: true }), { dataTransfer })
    target.dispatchEvent(event)
    return { isRefused: event.defaultPrevented, effect: dataTransfer.dropEffect }
  }

  it.each(['dragover', 'drop'])('is refused if it is a file and no element takes it, at %s', (name) => {
    expect(dispatched(name, ['Files'])).toEqual({ isRefused: true, effect: 'none' })
  })

  it.each(['dragover', 'drop'])('stays with the element that takes it, at %s', (name) => {
    expect(dispatched(name, ['Files'], true).effect).toBe('copy')
  })

  it('is left to the browser if it is a text', () => {
    expect(dispatched('drop', ['text/plain'])).toEqual({ isRefused: false, effect: 'copy' })
  })
})
