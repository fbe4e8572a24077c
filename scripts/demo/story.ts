import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { bareAddress, withBrokenSignature, withToken } from '../client/media-address.ts'
import { accessTo, friendMoblog, type MediaAccess, publish, type ShownPost } from '../client/moblogs.ts'
import { operationText } from '../client/operations.ts'
import { befriend, type Person, signUpAll } from '../client/people.ts'
import { tusPatch } from '../client/tus.ts'
import { announcement, type Grant, type StoredMedia, tryRequestUpload, uploadEnd } from '../client/uploads.ts'
import { insist } from './demo-assertion.ts'
import type { Film } from './film.ts'
import { inBytes, type Terminal } from './terminal.ts'

const MIB = 1024 * 1024
const VERIFY_WITHIN_MS = 10 * 60_000
const RENDER_WITHIN_MS = 10 * 60_000
const WAIT_AT_MOST_MS = 60_000

/**
 * Runs the product's main flow from beginning to end. One user uploads and posts a file. A friend finds it with a
 * single query and downloads it with the token in the response. Other users cannot.
 *
 * @param url the GraphQL address
 * @throws DemoAssertionError at the first unexpected result
 */
export async function tellStory(url: string, film: Film, terminal: Terminal): Promise<void> {
  const { step, tick } = terminal

  step('Three users sign up; two become friends')
  const [mei, jun, wei] = await signUpAll(url, ['Mei', 'Jun', 'Wei'])
  tick(`@${mei.handle}, @${jun.handle} and @${wei.handle} are signed in`)
  await befriend(mei, jun)
  tick('Mei sent a friend request and Jun accepted it. Wei is not their friend.')

  step(`Mei requests an upload of ${film.name}, ${inBytes(film.byteSize)}`)
  const grant = await askToUpload(mei, film)
  tick('storage reserved the space; the upload key is valid for this upload only')
  terminal.note(`the key expires at ${inWords(grant.keyExpiresAt)}`)

  step('Mei sends the bytes to storage with tus')
  await sendInChunks(grant, film, terminal)
  const media = await waitUntilStored(mei, grant)
  insist(
    media.sha256 === film.sha256,
    `Storage received different bytes than were sent: SHA-256 ${media.sha256} instead of ${film.sha256}.`,
  )
  tick(`storage verified the upload: ${describe(media)}, with the SHA-256 of the file`)

  step('Mei publishes it in her moblog, for her friends')
  await publish(mei, { text: 'Look what I saw today!', audience: 'FRIENDS', mediaIds: [media.id] })
  tick('the post is published')

  step('Jun opens the moblog with one query')
  terminal.lines(shortened(operationText('friend-moblog')))
  const post = await singleQuery(jun, mei, media.id, terminal)
  const access = post.media[0]?.access
  insist(access != null, 'The response has no media token for Jun, although Jun is a friend.')
  tick('one response has the page, the post, its media and their tokens')

  step('Jun downloads the media with the token')
  const copy = await download(access.url, terminal)
  tick('Jun has the shared copy, which has no metadata such as the place')
  await expectRange(access.url, copy.byteSize)
  tick('a Range request is answered with 206, so players can seek')

  step('Mei downloads her original')
  const own = await accessTo(mei.client, media.id)
  insist(own !== null, 'Mei has no access to her own media.')
  const original = await download(own.url, terminal)
  insist(
    original.sha256 === film.sha256,
    `The original differs from the file: SHA-256 ${original.sha256} instead of ${film.sha256}.`,
  )
  tick(`the original equals the file: SHA-256 ${film.sha256.slice(0, 16)}…`)

  step('Wei, who is not a friend, has no access')
  await expectStrangerRefused(wei, mei, access, media.id)
  tick('Wei sees no post, receives no token, and gets no bytes without a token')
  await expectRefused(
    withToken(access.url, withBrokenSignature(access.token)),
    'a token with a changed signature',
  )
  tick('a token with a changed signature is refused')

  step('The token expires')
  await waitForEnd(access, terminal)
}

async function askToUpload(owner: Person, film: Film): Promise<Grant> {
  const answer = await tryRequestUpload(owner, { ...announcement(film), sha256: film.sha256 })
  if (answer.__typename === 'RequestUploadPayload') return answer
  return insist(false, `requestUpload failed with ${answer.__typename}: ${answer.message}`) as never
}

async function sendInChunks(grant: Grant, film: Film, terminal: Terminal): Promise<void> {
  const chunkSize = Math.min(8 * MIB, Math.max(16_384, Math.ceil(film.byteSize / 40)))
  const bar = terminal.bar('upload  ', film.byteSize, inBytes)
  for (let offset = 0; offset < film.byteSize; ) {
    const bytes = await film.read(offset, chunkSize)
    const { status, body } = await tusPatch(grant, offset, bytes)
    insist(status === 204, `Storage answered a chunk of the upload with ${status}: ${body}`)
    offset += bytes.length
    bar.at(offset)
  }
  bar.done()
}

async function waitUntilStored(owner: Person, grant: Grant): Promise<StoredMedia> {
  const end = await uploadEnd(owner, grant.uploadSession.id, VERIFY_WITHIN_MS)
  insist(
    end.state === 'COMPLETED' && end.media !== null,
    `The upload ended as ${end.state}: ${end.failure?.message}`,
  )
  return end.media
}

async function singleQuery(
  friend: Person,
  owner: Person,
  mediaId: string,
  terminal: Terminal,
): Promise<ShownPost> {
  const startedAt = performance.now()
  const user = await friendMoblog(friend.client, owner.handle)
  const elapsed = Math.round(performance.now() - startedAt)
  insist(user?.relationship === 'FRIEND', 'The response does not name Jun as a friend.')
  const post = user.moblog?.posts.edges.map(({ node }) => node).find(({ media }) => media[0]?.id === mediaId)
  insist(post !== undefined, 'The response does not contain the post.')
  terminal.note(`answered in ${elapsed} ms:`)
  terminal.lines(shownAnswer(user, post))
  return post
}

async function download(url: string, terminal: Terminal): Promise<{ byteSize: number; sha256: string }> {
  const response = await fetchWhenMade(url)
  insist(response.status === 200, `The download was answered with ${response.status} instead of 200.`)
  const bar = terminal.bar('download', Number(response.headers.get('content-length')), inBytes)
  const hash = createHash('sha256')
  let byteSize = 0
  for await (const chunk of response.body ?? []) {
    hash.update(chunk)
    byteSize += chunk.length
    bar.at(byteSize)
  }
  bar.done()
  return { byteSize, sha256: hash.digest('hex') }
}

// The shared copy is made after the upload. Until then storage answers 503 with `Retry-After`.
async function fetchWhenMade(url: string): Promise<Response> {
  for (const deadline = Date.now() + RENDER_WITHIN_MS; ; ) {
    const response = await fetch(url)
    const retryAfter = Number(response.headers.get('retry-after'))
    if (response.status !== 503 || !retryAfter || Date.now() > deadline) return response
    await response.body?.cancel()
    await sleep(retryAfter * 1_000)
  }
}

async function expectRange(url: string, byteSize: number): Promise<void> {
  const response = await fetch(url, { headers: { range: 'bytes=-100' } })
  const bytes = Buffer.from(await response.arrayBuffer())
  const range = `bytes ${byteSize - 100}-${byteSize - 1}/${byteSize}`
  insist(
    response.status === 206 && bytes.length === 100 && response.headers.get('content-range') === range,
    `A Range request was answered with ${response.status}, not with 206 and the requested bytes.`,
  )
}

async function expectStrangerRefused(
  stranger: Person,
  owner: Person,
  access: MediaAccess,
  mediaId: string,
): Promise<void> {
  const user = await friendMoblog(stranger.client, owner.handle)
  insist(
    (user?.moblog?.posts.edges ?? []).length === 0,
    'Wei sees a post for friends, although Wei is not a friend.',
  )
  const { media } = await stranger.client.ask('media', { id: mediaId })
  insist(!media?.access, 'Wei received a media token, although Wei is not a friend.')
  await expectRefused(bareAddress(access.url), 'no token')
}

async function expectRefused(url: string, token: string): Promise<void> {
  const response = await fetch(url)
  await response.body?.cancel()
  insist(
    response.status >= 401 && response.status < 500,
    `A request with ${token} was answered with ${response.status} and not refused.`,
  )
}

async function waitForEnd(access: MediaAccess, terminal: Terminal): Promise<void> {
  const endsAt = Date.parse(access.expiresAt)
  const wait = endsAt - Date.now()
  if (wait > WAIT_AT_MOST_MS) {
    terminal.tick(`it expires at ${inWords(access.expiresAt)}; the demo does not wait that long`)
    return
  }
  const bar = terminal.bar('waiting ', Math.max(1, wait), () => `until ${inWords(access.expiresAt)}`)
  while (Date.now() < endsAt + 20) {
    await sleep(100)
    bar.at(wait - Math.max(0, endsAt - Date.now()))
  }
  bar.done()
  await expectRefused(access.url, 'an expired token')
  terminal.tick('the expired token is refused')
}

function inWords(instant: string): string {
  return new Date(instant).toLocaleTimeString('en-GB')
}

function describe({ kind, mimeType, durationSeconds }: StoredMedia): string {
  const duration = durationSeconds == null ? '' : `, ${durationSeconds.toFixed(1)} s`
  return `${kind?.toLowerCase()} (${mimeType}${duration})`
}

function shortened(operation: string): string {
  return operation
    .replace(/^#.*\n/, '')
    .replace(/\s+/g, ' ')
    .replace(/(.{1,96})( |$)/g, '$1\n')
    .trim()
}

function shownAnswer(user: NonNullable<Awaited<ReturnType<typeof friendMoblog>>>, post: ShownPost): string {
  const [media] = post.media
  const rows: [string, unknown][] = [
    ['displayName', user.displayName],
    ['relationship', user.relationship],
    ['moblog.access.url', user.moblog?.access?.url],
    ['post.text', post.text],
    ['post.audience', post.audience],
    ['media.kind', media?.kind],
    ['media.access.url', media?.access?.url],
    ['media.access.expiresAt', media?.access?.expiresAt],
  ]
  return rows.map(([name, value]) => `${name.padEnd(23)} ${clipped(String(value))}`).join('\n')
}

function clipped(text: string): string {
  return text.length > 72 ? `${text.slice(0, 56)}…${text.slice(-15)}` : text
}
