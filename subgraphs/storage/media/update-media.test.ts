import { newId } from '../../../platform/ids.ts'
import { openClips } from '../../../testing/storage/clips.ts'
import { upload } from '../../../testing/storage/renditions.ts'
import { startTestStorage, type TestStorage } from '../../../testing/storage/storage.ts'

const UPDATE = `mutation ($input: UpdateMediaInput!) {
  updateMedia(input: $input) {
    __typename
    ... on UpdateMediaPayload { media { id title altText } }
    ... on Failure { code message }
    ... on InvalidInput { field }
  }
}`
const [owner, friend] = [newId(), newId()]
let storage: TestStorage
let mediaId: string

beforeAll(async () => {
  storage = await startTestStorage()
  const clips = await openClips()
  mediaId = (await upload(storage, owner, await clips.bytes('photo.png'), 'image/png')).mediaId
  storage.playable.add(`${friend} ${mediaId}`)
  await clips.remove()
})
afterAll(() => storage.stop())

const update = async (input: object, viewer: string | null = owner) =>
  (await storage.ask(UPDATE, { input: { mediaId, ...input } }, viewer)).updateMedia

describe('updateMedia', () => {
  it('changes the title and the description, and keeps what is not sent', async () => {
    expect(await update({ altText: 'A dog \r\non the beach ' })).toMatchObject({
      media: { id: mediaId, title: 'A film', altText: 'A dog \non the beach' },
    })
    expect(await update({ title: 'Rex' })).toMatchObject({
      media: { title: 'Rex', altText: 'A dog \non the beach' },
    })
    const { media } = await storage.ask(
      'query ($id: ID!) { media(id: $id) { title altText } }',
      { id: mediaId },
      friend,
    )
    expect(media).toEqual({ title: 'Rex', altText: 'A dog \non the beach' })
    const RECORD = 'query ($ids: [ID!]!) { mediaByIds(ids: $ids) { altText } }'
    expect(await storage.internal(RECORD, { ids: [mediaId] }, 'blog')).toEqual({
      mediaByIds: [{ altText: 'A dog \non the beach' }],
    })
  })

  it('removes an empty title and an empty description', async () => {
    await update({ title: 'Rex', altText: 'A dog' })
    // The owner gets the name of the file in place of the title.
    expect(await update({ title: ' ', altText: '\n' })).toMatchObject({
      media: { title: 'film.mp4', altText: null },
    })
  })

  it.each([
    ['a title of more than 255 characters', { title: 'x'.repeat(256) }, 'input.title'],
    ['a description of more than 1,500 characters', { altText: '🐕'.repeat(1_501) }, 'input.altText'],
    ['a malformed id', { mediaId: 'x' }, 'input.mediaId'],
  ])('refuses %s', async (_what, input, field) => {
    expect(await update(input)).toMatchObject({ __typename: 'InvalidInput', field })
  })

  it('accepts a description of exactly 1,500 characters', async () => {
    expect(await update({ altText: '🐕'.repeat(1_500) })).toMatchObject({ __typename: 'UpdateMediaPayload' })
  })

  it('is allowed for the owner only', async () => {
    expect(await update({ altText: 'x' }, friend)).toMatchObject({ code: 'NOT_FOUND' })
    expect(await update({ altText: 'x' }, null)).toMatchObject({ code: 'NOT_ALLOWED' })
    expect(await update({ mediaId: newId(), altText: 'x' })).toMatchObject({ code: 'NOT_FOUND' })
  })
})
