/** What the clipboard holds: the part of a `DataTransfer` that is read. */
export type Pasted = { files: Iterable<File>; getData(type: string): string }

/**
 * The files that a paste adds. There are none if there is text: programs such as Word and Excel put a picture of the text
 * beside it. But what only says where the files come from is no such text: their names or paths, which file managers add, and
 * the address of a picture, which browsers add.
 */
export function pastedFiles(pasted: Pasted): File[] {
  const files = [...pasted.files]
  const lines = pasted
    .getData('text/plain')
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter(Boolean)
  const names = new Set(files.map(({ name }) => name))
  const [first = '', ...others] = lines
  const isFromPage = others.length === 0 && isAddress(first) && textOf(pasted.getData('text/html')) === ''
  return isFromPage || lines.every((line) => names.has(nameIn(line))) ? files : []
}

const isAddress = (line: string): boolean => /^[a-z][a-z\d+.-]*:\S+$/i.test(line)

/** The text in HTML of the clipboard, which often has a style and comments around it. */
const textOf = (page: string): string =>
  page.replace(/<(style|title|script)\b[\s\S]*?<\/\1\s*>|<!--[\s\S]*?-->|<[^>]*>|&nbsp;/gi, '').trim()

/** The name of a file in its name, its path or its address. */
function nameIn(line: string): string {
  const name = line.replace(/^.*[\\/]/, '')
  if (!line.startsWith('file:')) return name
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
