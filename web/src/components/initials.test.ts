import { initials } from './initials.ts'

describe('initials', () => {
  it.each([
    ['Jun Park', 'JP'],
    ['leo', 'L'],
    ['林小梅', '林'],
    ['  Amara  van der Okafor ', 'AO'],
    ['😄 Smile', '😄S'],
    ['', ''],
  ])('of %j are %j', (name, expected) => {
    expect(initials(name)).toBe(expected)
  })
})
