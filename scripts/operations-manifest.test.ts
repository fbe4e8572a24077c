import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createRequest, type DocumentInput, formatDocument, stringifyDocument } from '@urql/core'
import * as webDocuments from '../generated/graphql/web.ts'
import { operationNames, readOperation } from '../schema/read-operation.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'moblog-manifest-'))
})
afterAll(() => rm(folder, { recursive: true }))

const sentByUrql = (text: string) => {
  const { query } = createRequest(text as DocumentInput, {})
  return stringifyDocument(formatDocument(query) as Parameters<typeof stringifyDocument>[0])
}

it.each(['operations-manifest.ts', 'print-operation.ts'])(
  '%s explains itself and refuses unknown options',
  async (name) => {
    const script = fileURLToPath(new URL(name, import.meta.url))
    const run = (option: string) => promisify(execFile)(process.execPath, [script, option], { cwd: folder })
    expect((await run('--help')).stdout).toMatch('Usage: npm run ')
    await expect(run('--hlep')).rejects.toMatchObject({ code: 2 })
    expect(await readdir(folder)).toEqual([])
  },
)

it('writes each operation as in schema/operations, and as the web client sends it by itself and through urql', async () => {
  const file = path.join(folder, 'manifest.json')
  const script = fileURLToPath(new URL('./operations-manifest.ts', import.meta.url))
  await promisify(execFile)(process.execPath, [script, file])
  const { operations }: { operations: { body: string }[] } = JSON.parse(await readFile(file, 'utf8'))
  const texts = Object.values(webDocuments).filter((text) => !text.startsWith('fragment '))
  expect(operations.map(({ body }) => body).toSorted()).toEqual(
    [...operationNames().map(readOperation), ...texts, ...texts.map(sentByUrql)].toSorted(),
  )
})
