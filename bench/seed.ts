import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { ask, dataOf, mutate, operation, payloadOf } from './graphql.ts'
import { tone } from './tone.ts'

/** The viewers and the variables of the query to measure. */
export type Seeded = {
  /** The access tokens of the friends. */
  tokens: readonly string[]
  variables: { handle: string; first: number }
}

/** A user who is signed in. */
export type Person = { id: string; token: string }

/**
 * Creates the data of the friend's query through the public API: a user with friends, and a moblog with `count` posts of one
 * media file each.
 */
export async function seed(url: string, count: number, friends: number): Promise<Seeded> {
  const handle = 'ann'
  const ann = await signUp(url, handle)
  const tokens: string[] = []
  for (let index = 0; index < friends; index++) {
    const friend = await signUp(url, `friend${index}`)
    await befriend(url, friend, ann)
    tokens.push(friend.token)
  }
  await publishTones(url, ann, count)
  return { tokens, variables: { handle, first: count } }
}

/** Makes two users friends. */
export async function befriend(url: string, one: Person, other: Person): Promise<void> {
  await mutate(url, 'request-friend', { userId: other.id }, one.token)
  await mutate(url, 'accept-friend-request', { userId: one.id }, other.token)
}

/** Publishes posts with one media file each, and waits until the renditions exist. */
export async function publishTones(url: string, author: Person, count: number): Promise<void> {
  const mediaIds: string[] = []
  for (let index = 0; index < count; index++) {
    const mediaId = await upload(url, tone(220 + 20 * index), author.token)
    mediaIds.push(mediaId)
    const post = { text: `Tone ${index}`, mediaIds: [mediaId], audience: 'FRIENDS' }
    await mutate(url, 'publish-post', post, author.token)
  }
  for (const mediaId of mediaIds) await settled(url, mediaId, author.token)
}

type SignedUp = { session: { accessToken: string; user: { id: string } } }
type Granted = { uploadSession: { id: string }; key: string; multipartUrl: string }

/** Creates an account and signs in. */
export async function signUp(url: string, handle: string): Promise<Person> {
  const input = { handle, displayName: handle, password: 'correct horse battery' }
  const { session } = await mutate<SignedUp>(url, 'sign-up', input)
  return { id: session.user.id, token: session.accessToken }
}

// Requests an upload key, then sends the bytes with it (docs/method.md, A1 to A3).
async function upload(url: string, bytes: Buffer<ArrayBuffer>, token: string): Promise<string> {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const request = { fileName: 'tone.wav', mimeType: 'audio/wav', byteSize: bytes.length, sha256 }
  const granted = await mutate<Granted>(url, 'request-upload', request, token)
  const query = await operation('upload-media')
  const variant = new FormData()
  const input = { uploadId: granted.uploadSession.id, key: granted.key, file: null }
  variant.set('operations', JSON.stringify({ query, variables: { input } }))
  variant.set('map', JSON.stringify({ 0: ['variables.input.file'] }))
  variant.set('0', new Blob([bytes], { type: 'audio/wav' }), 'tone.wav')
  const response = await fetch(granted.multipartUrl, {
    method: 'POST',
    headers: { 'apollo-require-preflight': 'true' },
    body: variant,
  })
  return payloadOf<{ media: { id: string } }>(await dataOf(response)).media.id
}

// Transcoding in the background would disturb the measurement.
async function settled(url: string, id: string, token: string): Promise<void> {
  const query = await operation('media')
  const deadline = Date.now() + 600_000
  while (Date.now() < deadline) {
    const { media } = (await ask({ url, query, variables: { id }, token })) as {
      media: { state: string } | null
    }
    if (media && media.state !== 'PROCESSING') return
    await sleep(50)
  }
  throw new Error('a media file is still being processed')
}
