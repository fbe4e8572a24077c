import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const root = fileURLToPath(new URL('../', import.meta.url))
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')

/** Words that also mean something else which nothing else names, so that no pattern can tell the meanings apart. */
const UNCHECKED: Record<string, string> = {
  member: 'of a union in GraphQL',
  caller: 'of a function or an operation, which may be a service',
  shown: 'what a page displays',
  hidden: 'the HTML attribute, and frames that a recording does not play',
  checking: 'the verb',
  probing: 'a term of its own: reading what a file is',
  share: 'the verb, and the shared copy',
  hold: 'the verb',
  entry: 'of a list, a map or an archive',
  part: 'of anything, and of a multipart body',
  ready: 'a state of media, and of a process',
  processed: 'the verb',
}

/** Words that are checked only in some files or only in one spelling, because they also mean something else. */
const NARROWED: Record<string, { files?: RegExp; pattern?: RegExp }> = {
  // HTML has forms.
  form: { files: /^subgraphs\/storage\// },
  // A text and a process have an ending too.
  ending: { files: /^(docs|gateway|prisma|schema|subgraphs)\// },
  // A role of the database may log in.
  login: { files: /^(?!platform\/database\/|docs\/database-roles\.md)/ },
  // A property of URL is called `username`.
  'user name': { pattern: /user name/i },
  // The type `MediaAccess` of the schema.
  'media access': { pattern: /(?<![a-z])media access(?![a-z])/ },
  'page access': { pattern: /(?<![a-z])page access(?![a-z])/ },
  // Functions such as `tellGone`; the verb is ordinary English.
  tell: { pattern: /(?<![a-z])tell(\(| [A-Z])/ },
}

/** The words of the last column of the glossary's tables. */
function bannedWords(): string[] {
  const cells = read('docs/glossary.md')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| term ') && !line.startsWith('| ---'))
    .map((line) => line.split('|').at(-2) ?? '')
  return cells
    .flatMap((cell) =>
      cell
        .replaceAll('`', '')
        .replace(/, which .*/, '')
        .split(','),
    )
    .map((word) => word.trim())
    .filter((word) => word !== '')
    .map((word) => word.match(/^"(.+)"/)?.[1] ?? word)
}

/** Returns whether a file has a word that the glossary bans. */
function violates(word: string, file: string, text: string): boolean {
  const { files = /^/, pattern } = NARROWED[word] ?? {}
  const inAnySpelling = word.split(' ').join('[ _-]?')
  return files.test(file) && (pattern ?? new RegExp(`(?<![a-z])${inAnySpelling}s?(?![a-z])`, 'i')).test(text)
}

// Tests, records of decisions, approvals of breaking changes and the changelog also have former names.
const SEARCHED =
  /^((gateway|hosting|platform|subgraphs|schema|scripts|prisma|docs)\/.*|[^/]*)\.(ts|js|graphql|prisma|md)$/
const LEFT_OUT =
  /\.test\.ts$|^docs\/(decisions|glossary\.md)|^schema\/approvals\/|^CHANGELOG\.md|^schema\/(api|supergraph|released\/api)\.graphql$/

/** The name and the content of each file, with a space before each capital inside a name. */
function searchedTexts(): Map<string, string> {
  const listed = execFileSync('git', ['ls-files', '--stage'], { cwd: root, encoding: 'utf8' }).split('\n')
  const files = listed
    .filter((line) => !line.startsWith('120000'))
    .flatMap((line) => line.split('\t')[1] ?? [])
    .filter((file) => SEARCHED.test(file) && !LEFT_OUT.test(file))
  return new Map(
    files.map((file) => [
      file,
      `${file}\n${read(file).replaceAll(/https?:\S+/g, '')}`.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, ' '),
    ]),
  )
}

/** What is left to rename. Remove entries; add none. */
const known = z.record(z.string(), z.array(z.string())).parse(JSON.parse(read('docs/known-words.json')))
const texts = searchedTexts()

describe('the glossary', () => {
  it('has each word that the test treats in its own way', () => {
    const treated = [UNCHECKED, NARROWED, known].flatMap(Object.keys)
    expect(treated.filter((word) => !bannedWords().includes(word))).toEqual([])
    expect(bannedWords().length).toBeGreaterThan(40)
  })

  it.each(bannedWords().filter((word) => !(word in UNCHECKED)))('bans "%s"', (word) => {
    const found = [...texts].filter(([file, text]) => violates(word, file, text)).map(([file]) => file)
    // A file that is listed and has the word no longer fails too: remove it from docs/known-words.json.
    expect(found).toEqual(known[word] ?? [])
  })
})
