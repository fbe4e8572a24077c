import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => existsSync(path.join(root, file)))
const documents = files.filter((file) => file.endsWith('.md'))
const texts = files.filter(
  (file) => /\.(md|ts|js|graphql|prisma)$/.test(file) && file !== 'docs/references.test.ts',
)

/** Returns the anchors that GitHub generates for a document's headings. */
function anchorsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  )
}

describe('a reference', () => {
  it.each(documents)('from %s to a file or a heading leads there', (document) => {
    const dangling = [...read(document).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
      if (/^[a-z]+:/.test(target)) return []
      const [file = '', anchor] = target.split('#')
      const found = file === '' ? document : path.join(path.dirname(document), file)
      if (!existsSync(path.join(root, found))) return [target]
      return anchor === undefined || anchorsOf(read(found)).includes(anchor) ? [] : [target]
    })
    expect(dangling).toEqual([])
  })

  it.each(['CONTRIBUTING.md', 'docs/method.md', 'docs/architecture.md'])(
    'from %s to code leads there',
    (document) => {
      const folders = new Set(files.map((file) => file.split('/')[0]))
      const dangling = [...read(document).matchAll(/`([\w.-]+\/[\w./-]*)`/g)]
        .map(([, reference = '']) => reference)
        .filter(
          (reference) => folders.has(reference.split('/')[0]) && !existsSync(path.join(root, reference)),
        )
      expect(dangling).toEqual([])
    },
  )

  it('from docs/architecture.md to tables names all tables and no others', () => {
    const text = read('docs/architecture.md')
    const row = (service: string) => new RegExp(`^\\| ${service} \\| .*$`, 'm').exec(text)?.[0] ?? ''
    for (const service of ['communication', 'storage', 'blog']) {
      const models = [...read(`prisma/${service}/schema.prisma`).matchAll(/^model [\s\S]*?^}/gm)]
      const tables = models.map(([model]) => /@@map\("(\w+)"\)/.exec(model)?.[1])
      const schemas = [service, `${service}_outbox`, `${service}_jobs`]
      const [, , cell = ''] = row(service).split('|')
      const named = [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name)
      expect(named.filter((name) => !schemas.includes(name ?? '')).sort()).toEqual(tables.sort())
    }
  })

  it('to a step of the method names a step that docs/method.md has', () => {
    const steps = [...read('docs/method.md').matchAll(/^#+ ([A-D]\d?)\b/gm)].map(([, step]) => step)
    const dangling = texts.flatMap((file) =>
      [...read(file).matchAll(/docs\/method\.md, ((?:[A-D]\d?(?:, | and | to )?)+)/g)].flatMap(
        ([, list = '']) =>
          (list.match(/[A-D]\d?/g) ?? [])
            .filter((step) => !steps.includes(step))
            .map((step) => `${file}: ${step}`),
      ),
    )
    expect(steps.length).toBeGreaterThan(15)
    expect(dangling).toEqual([])
  })

  it('leads to no specification that readers do not have', () => {
    const dangling = texts.filter((file) =>
      /\(spec [A-Z]|[Ss]pec [A-D]\d|\bclaim \d|of the specification:/.test(read(file)),
    )
    expect(dangling).toEqual([])
  })
})
