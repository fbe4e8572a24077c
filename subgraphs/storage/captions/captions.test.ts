import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { newId } from '../../../platform/ids.ts'
import { eventually } from '../../../testing/eventually.ts'
import { openClips, toolForTests } from '../../../testing/storage/clips.ts'
import { get, settled, upload } from '../../../testing/storage/renditions.ts'
import { startTestStorage, type TestStorage } from '../../../testing/storage/storage.ts'

const run = promisify(execFile)
const RESULT = `__typename
  ... on Failure { code message }
  ... on InvalidInput { field }`
const ADD = `mutation ($input: AddCaptionsInput!) {
  addCaptions(input: $input) { ... on AddCaptionsPayload { media { captions { language label byteSize } } } ${RESULT} }
}`
const REMOVE = `mutation ($input: RemoveCaptionsInput!) {
  removeCaptions(input: $input) { ... on RemoveCaptionsPayload { media { captions { language } } } ${RESULT} }
}`
const USED = `query ($id: ID!) { _entities(representations: [{ __typename: "User", id: $id }]) {
  ... on User { storageUsage { usedBytes quotaBytes } } } }`
const SRT = '1\n00:00:00,000 --> 00:00:00,900\n<font color="red">Hello</font>\n'

const [owner, friend] = [newId(), newId()]
let storage: TestStorage
let clips: Awaited<ReturnType<typeof openClips>>
let film: string
let photo: string

beforeAll(async () => {
  ;[clips, storage] = await Promise.all([openClips(), startTestStorage({ STORAGE_WORKERS: '1' })])
  film = (await upload(storage, owner, await clips.bytes('film.mp4'))).mediaId
  photo = (await upload(storage, owner, await clips.bytes('photo.png'), 'image/png')).mediaId
}, 120_000)
afterAll(async () => {
  await storage.stop()
  await clips.remove()
})

const add = async (input: object, viewer: string | null = owner) => {
  const captions = { mediaId: film, language: 'en', label: 'English', content: SRT, ...input }
  return (await storage.ask(ADD, { input: captions }, viewer)).addCaptions
}
const remove = async (language: string, viewer: string | null = owner) =>
  (await storage.ask(REMOVE, { input: { mediaId: film, language } }, viewer)).removeCaptions
const fetched = (variant: string, mediaId = film) =>
  get(storage, { ownerId: owner, viewerId: friend, mediaId }, variant)
const used = async () =>
  (await storage.ask(USED, { id: owner }, owner))._entities[0].storageUsage.usedBytes as number
const reports = () =>
  storage.registered.filter(({ query, mediaId }) => query === 'setMediaCaptions' && mediaId === film)

describe('captions', () => {
  it('are written again and delivered as WebVTT', async () => {
    const before = await used()
    const added = await add({ language: 'EN-us', content: `\ufeff${SRT.replaceAll('\n', '\r\n')}` })
    const { response, bytes } = await fetched('captions/en-US')
    expect(response.headers.get('content-type')).toBe('text/vtt')
    expect(`${bytes}`).toBe(
      'WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n\n00:00:00.000 --> 00:00:00.900\nHello\n',
    )
    expect(added.media.captions).toEqual([{ language: 'en-US', label: 'English', byteSize: bytes.length }])
    expect(await used()).toBe(before + bytes.length)
    await remove('en-US')
    expect(await used()).toBe(before)
  })

  it('are reported to communication in order, each time with a larger revision', async () => {
    await add({ language: 'de', label: 'Deutsch' })
    await add({ language: 'en' })
    await remove('de')
    await remove('en')
    // The reports of other tests may still arrive before.
    const made = await eventually(() => {
      const last = reports().slice(-4)
      const languages = last.map(({ captions }) =>
        (captions as { language: string }[]).map((each) => each.language),
      )
      expect(languages).toEqual([['de'], ['de', 'en'], ['en'], []])
      return last
    })
    const revisions = made.map(({ revision }) => revision as number)
    expect(revisions).toEqual(revisions.toSorted((one, other) => one - other))
    expect(new Set(revisions).size).toBe(4)
  })

  it('are replaced by captions in the same language, also for a player that knows the earlier ones', async () => {
    await add({})
    const first = await fetched('captions/en')
    await add({ content: SRT.replace('Hello', 'Bye') })
    const current = await eventually(async () => {
      const now = await fetched('captions/en')
      return `${now.bytes}`.includes('Bye') && now
    })
    expect(current.response.headers.get('etag')).not.toBe(first.response.headers.get('etag'))
    expect(current.response.headers.get('cache-control')).toBe('private, no-cache')
    await remove('en')
  })

  it('are offered in the HLS stream, and ffprobe reads them', async () => {
    expect(await settled(storage, owner, film, 240_000)).toMatchObject({ state: 'READY' })
    await add({})
    await add({ language: 'de', label: 'Deutsch' })
    await eventually(async () => `${(await fetched('stream/index.m3u8')).bytes}`.includes('LANGUAGE="de"'))
    const token = await storage.mediaToken({ sub: friend, owner, media: film })
    const stream = `${storage.address()}/v/${token}/${film}/stream`
    const entries = ['-show_entries', 'stream=codec_type,codec_name', '-of', 'json']
    const probed = async (name: string) => {
      const { stdout } = await run(await toolForTests('ffprobe'), [
        '-v',
        'error',
        ...entries,
        `${stream}/${name}`,
      ])
      return JSON.parse(stdout).streams
    }
    // The HLS reader of ffmpeg 5 skips subtitles, so the file is read alone; and the captions must not disturb that reader.
    expect(await probed('captions-en.vtt')).toEqual([{ codec_name: 'webvtt', codec_type: 'subtitle' }])
    expect(await probed('index.m3u8')).toContainEqual({ codec_name: 'h264', codec_type: 'video' })
    const playlist = `${(await fetched('stream/captions-en.m3u8')).bytes}`
    const [, seconds] = /#EXTINF:([\d.]+),\ncaptions-en\.vtt\n#EXT-X-ENDLIST/.exec(playlist) ?? []
    expect(Number(seconds)).toBeCloseTo(1, 0)
    expect((await fetched('stream/captions-en.vtt')).response.status).toBe(200)
    for (const language of ['en', 'de']) await remove(language)
    await eventually(async () => !`${(await fetched('stream/index.m3u8')).bytes}`.includes('SUBTITLES'))
  }, 300_000)

  it('need a token for their media file, and are not found under other names', async () => {
    await add({})
    const other = await storage.mediaToken({ sub: friend, owner, media: photo })
    expect((await fetch(`${storage.address()}/v/${other}/${film}/captions/en`)).status).toBe(403)
    for (const name of [
      'captions/fr',
      'captions/',
      'captions/..',
      'captions/en/x',
      'stream/captions-fr.m3u8',
    ]) {
      // A moment after the media file is ready, delivery may still ask to wait for a stream.
      await eventually(async () => expect((await fetched(name)).response.status).toBe(404))
    }
    await remove('en')
    await eventually(async () => (await fetched('captions/en')).response.status === 404)
  })

  it.each([
    ['a file that is no captions file', { content: 'hello' }, 'input.content'],
    ['more than 1 MiB', { content: `${SRT}${'x'.repeat(1024 ** 2)}` }, 'input.content'],
    [
      'a text that is larger than 1 MiB when it is written',
      { content: `${SRT}${'&'.repeat(500_000)}` },
      'input.content',
    ],
    ['a language that is no tag', { language: 'no language' }, 'input.language'],
    ['an empty label', { label: ' \n' }, 'input.label'],
    ['a label of more than 60 characters', { label: 'x'.repeat(61) }, 'input.label'],
    ['a malformed id', { mediaId: 'x' }, 'input.mediaId'],
  ])('are refused: %s', async (_what, input, field) => {
    expect(await add(input)).toMatchObject({ __typename: 'InvalidInput', field })
  })

  it('are refused for images, for others, and in more than 20 languages', async () => {
    expect(await add({ mediaId: photo })).toMatchObject({ code: 'UNSUPPORTED_MEDIA' })
    expect(await add({}, friend)).toMatchObject({ code: 'NOT_FOUND' })
    expect(await add({}, null)).toMatchObject({ code: 'NOT_ALLOWED' })
    expect(await remove('en', friend)).toMatchObject({ code: 'NOT_FOUND' })
    expect(await remove('en')).toMatchObject({ code: 'NOT_FOUND' })
    const languages = Array.from({ length: 20 }, (_, index) => `en-x-${index}`)
    const added = await Promise.all(languages.map((language) => add({ language })))
    expect(added.map(({ __typename }) => __typename)).toEqual(languages.map(() => 'AddCaptionsPayload'))
    expect(await add({ language: 'fr' })).toMatchObject({ code: 'CONFLICT' })
    expect(await add({ language: 'en-x-0' })).toMatchObject({ __typename: 'AddCaptionsPayload' })
    await Promise.all(languages.map((language) => remove(language)))
  })
})

test('captions that exceed the quota of their owner are refused', async () => {
  const bytes = await clips.bytes('silent.mp4')
  const small = await startTestStorage({ STORAGE_USER_QUOTA: `${bytes.length + 200}` })
  try {
    const { mediaId } = await upload(small, owner, bytes)
    const input = { mediaId, language: 'en', label: 'English', content: SRT }
    const addTo = async (change: object) =>
      (await small.ask(ADD, { input: { ...input, ...change } }, owner)).addCaptions
    expect(await addTo({})).toMatchObject({ __typename: 'AddCaptionsPayload' })
    expect(await addTo({ language: 'de', content: SRT.replace('Hello', 'x'.repeat(150)) })).toMatchObject({
      code: 'QUOTA_EXCEEDED',
    })
    expect(await addTo({ content: SRT.replace('Hello', 'Bye') })).toMatchObject({
      __typename: 'AddCaptionsPayload',
    })
  } finally {
    await small.stop()
  }
}, 60_000)
