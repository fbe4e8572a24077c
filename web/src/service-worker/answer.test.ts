import { chooseAnswer } from './answer.ts'

const SCOPE = 'https://example.com/app/'
const FILES = new Set(['files/index.1.js', 'icon.svg'])
const request = (url: string, more: Partial<Request> = {}) =>
  ({ method: 'GET', url, mode: 'cors', destination: '', ...more }) as Request

describe('the service worker', () => {
  it.each([
    ['the page', request(SCOPE, { mode: 'navigate' }), 'page'],
    ['the page with a fragment', request(`${SCOPE}#/post/1`, { mode: 'navigate' }), 'page'],
    ['the page of a moblog', request(`${SCOPE}m/1`, { mode: 'navigate' }), null],
    ['the public page of a post', request(`${SCOPE}@mei/1`, { mode: 'navigate' }), null],
    ['a file of the client', request(`${SCOPE}files/index.1.js`), 'file'],
    ['a file of an older version', request(`${SCOPE}files/index.0.js`), 'old file'],
    [
      'a picture of the client of an older version',
      request(`${SCOPE}files/a.0.svg`, { destination: 'image' }),
      'old file',
    ],
    ['a picture', request('https://media.example.com/v/t/original', { destination: 'image' }), 'picture'],
    ['a film', request('https://media.example.com/v/t/original', { destination: 'video' }), null],
    ['the API', request(`${SCOPE}graphql`, { method: 'POST' }), null],
  ])('answers %s', (_what, given, answer) => {
    expect(chooseAnswer(given, SCOPE, FILES)).toBe(answer)
  })
})
