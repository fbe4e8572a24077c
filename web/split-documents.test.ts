import { globSync, readFileSync } from 'node:fs'
import { HiddenPostsDocument, HomePostsDocument, PostWithCommentsDocument } from '../generated/graphql/web.ts'

const BUILT = new URL('../generated/web/', import.meta.url)

/** The files of the built client that have a document, without their digests. */
function filesWith(document: string): string[] {
  return globSync('files/*.js', { cwd: BUILT })
    .filter((file) => readFileSync(new URL(file, BUILT), 'utf8').includes(document))
    .map((file) => file.replace(/^files\/|\..*/g, ''))
}

describe('the documents of the built client', () => {
  it.each([
    ['settings-screen', HiddenPostsDocument],
    ['post-screen', PostWithCommentsDocument],
    ['home-screen', HomePostsDocument],
  ])('are loaded with the only screen that uses them: %s', (screen, document) => {
    expect(filesWith(document)).toEqual([screen])
  })
})
