import { pastedFiles } from './pasted-files.ts'

type Clipboard = { names: string[]; text?: string; page?: string }

/** The names of the files that a paste adds. */
function namesOf({ names, text = '', page = '' }: Clipboard): string[] {
  const data: Record<string, string> = { 'text/plain': text, 'text/html': page }
  const pasted = {
    files: names.map((name) => new File([], name)),
    getData: (type: string) => data[type] ?? '',
  }
  return pastedFiles(pasted).map(({ name }) => name)
}

describe('what is pasted', () => {
  it.each<[what: string, Clipboard]>([
    [
      'text of Word with its picture',
      {
        names: ['image.png'],
        text: 'Copied',
        page: '<html><style>p {}</style><body><p>Copied</p></body></html>',
      },
    ],
    [
      'cells of Excel with their picture',
      { names: ['image.png'], text: '1\t2\n3\t4\n', page: '<table>…</table>' },
    ],
    [
      'a cell with an address',
      { names: ['image.png'], text: 'https://a.example/', page: '<td>https://a.example/</td>' },
    ],
    ['an address with words around it', { names: ['image.png'], text: 'See https://a.example/' }],
    ['two lines of which one is no file', { names: ['a.jpg'], text: 'a.jpg\nand more' }],
  ])('is text alone if it is %s', (_, clipboard) => {
    expect(namesOf(clipboard)).toEqual([])
  })

  it.each<[what: string, Clipboard]>([
    ['a screenshot', { names: ['image.png'] }],
    [
      'a picture of a page in Chromium',
      {
        names: ['image.png'],
        page: '<meta charset="utf-8"><!--StartFragment--><img src="https://a.example/1.jpg" alt="A cat"><!--EndFragment-->',
      },
    ],
    [
      'a picture of a page in Firefox',
      { names: ['image.png'], text: 'https://a.example/1.jpg', page: '<img src="https://a.example/1.jpg">' },
    ],
    ['a picture of a page in Safari', { names: ['image.png'], text: 'https://a.example/1.jpg' }],
    ['a file of a Mac', { names: ['Beach day.mov'], text: 'Beach day.mov' }],
    ['files of Linux', { names: ['a b.jpg', 'c.mp4'], text: '/home/mei/a b.jpg\n/home/mei/c.mp4' }],
    [
      'files by their addresses',
      { names: ['a b.jpg', '50%.jpg'], text: 'file:///m/a%20b.jpg\r\nfile:///m/50%.jpg\r\n' },
    ],
    ['a file of Windows', { names: ['a.jpg'], text: 'C:\\Pictures\\a.jpg' }],
  ])('is files if it is %s', (_, clipboard) => {
    expect(namesOf(clipboard)).toEqual(clipboard.names)
  })
})
