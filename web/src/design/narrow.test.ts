import { narrowClass } from './narrow.ts'

describe('the class of a title', () => {
  it.each([
    ['Ann’s moblog', 'narrow'],
    ['', 'narrow'],
    ['他说“好”，Ann’s', ''],
    ['“はい”', ''],
  ])('of “%s” is “%s”', (text, expected) => {
    expect(narrowClass(text)).toBe(expected)
  })
})
