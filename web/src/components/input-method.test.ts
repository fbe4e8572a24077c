import { isOfInputMethod } from './input-method.ts'

const key = (isComposing: boolean, keyCode: number) => ({ isComposing, keyCode }) as KeyboardEvent

describe('Enter', () => {
  it('belongs to the input method while a word is chosen, in Safari also just after that', () => {
    expect(isOfInputMethod(key(true, 229))).toBe(true)
    expect(isOfInputMethod(key(true, 13))).toBe(true)
    expect(isOfInputMethod(key(false, 229))).toBe(true)
  })

  it('belongs to the user otherwise', () => {
    expect(isOfInputMethod(key(false, 13))).toBe(false)
  })
})
