import { readFile, writeFile } from 'node:fs/promises'
import { newId } from '../../../platform/ids.ts'
import { eventually } from '../../../testing/eventually.ts'
import { makeClip, openClips } from '../../../testing/storage/clips.ts'
import { get, settled, upload } from '../../../testing/storage/renditions.ts'
import { startTestStorage, type TestStorage } from '../../../testing/storage/storage.ts'

const EXTRACT = `mutation ($input: MediaIdInput!) {
  extractCaptions(input: $input) { __typename ... on Failure { code message } ... on InvalidInput { field } }
}`
const ADD = 'mutation ($input: AddCaptionsInput!) { addCaptions(input: $input) { __typename } }'
const CAPTIONS = 'query ($id: ID!) { media(id: $id) { captions { language label } } }'
const [owner, friend] = [newId(), newId()]
let storage: TestStorage
let clips: Awaited<ReturnType<typeof openClips>>

beforeAll(async () => {
  ;[clips, storage] = await Promise.all([openClips(), startTestStorage({ STORAGE_WORKERS: '1' })])
})
afterAll(async () => {
  await storage.stop()
  await clips.remove()
})

const extract = async (mediaId: string, viewer: string | null = owner) =>
  (await storage.ask(EXTRACT, { input: { mediaId } }, viewer)).extractCaptions
const captionsOf = async (id: string) => (await storage.ask(CAPTIONS, { id }, owner)).media.captions
const textOf = async (mediaId: string, language: string) =>
  `${(await get(storage, { ownerId: owner, viewerId: friend, mediaId }, `captions/${language}`)).bytes}`

/** A film with a German, an English and an unnamed text track, with a title, a place and a named text track. */
async function film(name: string, codec: string): Promise<Buffer> {
  const texts = ['Hallo', 'Hello <b>you</b>', 'Nobody']
  const files = texts.map((_, index) => `${clips.folder}/${index}.srt`)
  await Promise.all(
    texts.map((text, index) => writeFile(files[index] ?? '', `1\n00:00:00,100 --> 00:00:00,900\n${text}\n`)),
  )
  const file = `${clips.folder}/${name}`
  const inputs = files.flatMap((each) => ['-f', 'srt', '-i', each])
  await makeClip(
    [
      ...['-f', 'lavfi', '-i', 'testsrc=size=64x36:rate=10:duration=1', ...inputs],
      ...[
        '-map',
        '0:v',
        '-map',
        '1',
        '-map',
        '2',
        '-map',
        '3',
        '-c:v',
        'libx264',
        '-pix_fmt',
        'yuv420p',
        '-c:s',
        codec,
      ],
      ...['-metadata:s:s:0', 'language=ger', '-metadata:s:s:1', 'language=eng'],
      ...[
        '-metadata:s:s:0',
        'title=Secret',
        '-metadata',
        'location=+52.5200+013.4050/',
        '-metadata',
        'title=Secret',
      ],
    ],
    file,
  )
  return readFile(file)
}

describe('extractCaptions', () => {
  it.each([
    ['film.mp4', 'mov_text', 'video/mp4'],
    ['film.mkv', 'srt', 'video/x-matroska'],
  ])('makes captions of the text tracks, only when it is asked for: %s', async (name, codec, mimeType) => {
    const { mediaId } = await upload(storage, owner, await film(name, codec), mimeType)
    await settled(storage, owner, mediaId)
    expect(await captionsOf(mediaId)).toEqual([])
    const own = {
      mediaId,
      language: 'de',
      label: 'Meine',
      content: '1\n00:00:00,000 --> 00:00:01,000\nMeins\n',
    }
    await storage.ask(ADD, { input: own }, owner)
    expect(await extract(mediaId)).toEqual({ __typename: 'ExtractCaptionsPayload' })
    const made = await eventually(async () => {
      const captions = await captionsOf(mediaId)
      return captions.length === 3 && captions
    }, 30_000)
    expect(made).toEqual([
      { language: 'de', label: 'Meine' },
      { language: 'en', label: 'English' },
      { language: 'und', label: 'Captions' },
    ])
    expect(await textOf(mediaId, 'de')).toContain('Meins')
    expect(await textOf(mediaId, 'en')).toMatch(/00:00:00\.100 --> 00:00:00\.900\nHello <b>you<\/b>\n$/)
    expect(await textOf(mediaId, 'und')).not.toMatch(/Secret|52\.52/)
  })

  it('leaves out a text track that an edit list cuts, because its times are not known', async () => {
    const texts = `${clips.folder}/cut.srt`
    await writeFile(
      texts,
      '1\n00:00:05,000 --> 00:00:06,000\nFive\n\n2\n00:00:08,000 --> 00:00:09,000\nEight\n',
    )
    const whole = `${clips.folder}/whole.mp4`
    const picture = ['-f', 'lavfi', '-i', 'testsrc=size=64x36:rate=10:duration=10', '-i', texts]
    await makeClip([...picture, '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:s', 'mov_text'], whole)
    const cut = `${clips.folder}/cut.mp4`
    await makeClip(['-ss', '3', '-i', whole, '-map', '0', '-c', 'copy'], cut)
    const extracted = async (file: string) => {
      const { mediaId } = await upload(storage, owner, await readFile(file))
      await settled(storage, owner, mediaId)
      await extract(mediaId)
      return mediaId
    }
    const [cutId, wholeId] = [await extracted(cut), await extracted(whole)]
    // The captions of both are made one after the other.
    await eventually(async () => (await captionsOf(wholeId)).length === 1, 30_000)
    expect(await captionsOf(cutId)).toEqual([])
  })

  it('finds nothing in a recording without text tracks', async () => {
    const { mediaId } = await upload(storage, owner, await clips.bytes('sound.m4a'), 'audio/mp4')
    await settled(storage, owner, mediaId)
    expect(await extract(mediaId)).toEqual({ __typename: 'ExtractCaptionsPayload' })
    expect(await captionsOf(mediaId)).toEqual([])
  })

  it('is refused for images, malformed ids and everyone but the owner', async () => {
    const { mediaId } = await upload(storage, owner, await clips.bytes('photo.png'), 'image/png')
    expect(await extract(mediaId)).toMatchObject({ code: 'UNSUPPORTED_MEDIA' })
    expect(await extract(mediaId, friend)).toMatchObject({ code: 'NOT_FOUND' })
    expect(await extract(mediaId, null)).toMatchObject({ code: 'NOT_ALLOWED' })
    expect(await extract('x')).toMatchObject({ __typename: 'InvalidInput', field: 'input.mediaId' })
  })
})
