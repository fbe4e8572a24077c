import type { SampleAccount } from '../../gateway/web-client/sample-accounts.ts'
import { type Client, createClient, expectMember } from '../client/client.ts'
import type { MediaFile } from '../client/media-file.ts'
import { befriend, type Person } from '../client/people.ts'
import { uploadOnce } from '../client/uploads.ts'
import { sampleFilm } from './films.ts'
import { facePicture, scenePicture } from './pictures.ts'
import { PEOPLE, type PersonName, type SamplePerson } from './sample-people.ts'
import { POSTS, type SamplePost } from './sample-posts.ts'

// The accounts are public, so this is no secret.
const PASSWORD = 'moblog-sample'

const FRIENDSHIPS: readonly (readonly [PersonName, PersonName])[] = [
  ['mei', 'jun'],
  ['mei', 'amara'],
  ['mei', 'tao'],
  ['jun', 'amara'],
]

type World = Readonly<Record<PersonName, Person>>

/** A handle of the sample world belongs to another account, so there is no sample world here. */
export class SampleHandleTaken extends Error {
  constructor(handle: string) {
    super(
      `The handle ${handle} belongs to an account with another password, so the sample users cannot be created here. Start Moblog with an empty data folder (MOBLOG_DATA_DIR).`,
    )
  }
}

/**
 * Creates the sample world. Where a part of it exists already, because an earlier run was interrupted, the rest is added. A
 * complete world stays as its users have left it.
 *
 * @param report takes lines that say what is being done
 * @returns the accounts
 * @throws SampleHandleTaken
 */
export async function createSampleWorld(
  url: string,
  report: (line: string) => void,
): Promise<SampleAccount[]> {
  const names = Object.keys(PEOPLE) as PersonName[]
  const people = await Promise.all(names.map((name) => openAccount(url, PEOPLE[name])))
  const world = Object.fromEntries(names.map((name, index) => [name, people[index]?.person])) as World
  if (await isComplete(world)) report('The sample world exists already.')
  else {
    if (people.some(({ isNew }) => !isNew)) report('An earlier run was interrupted. The rest is added.')
    await complete(world, names, report)
  }
  return names
    .filter((name) => name !== 'spam')
    .map((name) => {
      const { handle, displayName, note } = PEOPLE[name]
      return { handle, displayName, note, password: PASSWORD }
    })
}

/** Whether a run has finished: the last thing that it does is a block. */
async function isComplete({ mei, spam }: World): Promise<boolean> {
  const { viewer } = await mei.client.ask('blocked-users', { first: 100 })
  return viewer?.blockedUsers?.edges.some(({ node }) => node.id === spam.id) ?? false
}

/** Does everything in the same order as an earlier run. Repeating a step changes nothing. */
async function complete(
  world: World,
  names: readonly PersonName[],
  report: (line: string) => void,
): Promise<void> {
  report('Profiles …')
  for (const name of names) await describe(world[name], PEOPLE[name])
  for (const [one, other] of FRIENDSHIPS) await befriend(world[one], world[other])
  await world.noor.client.ask('request-friend', { input: { userId: world.mei.id } })
  await world.mei.client.ask('request-friend', { input: { userId: world.leo.id } })
  for (const [index, post] of POSTS.entries()) {
    report(`Post ${index + 1} of ${POSTS.length} …`)
    await addPost(world, post, `sample-post-${index + 1}`)
  }
  await world.mei.client.ask('block-user', { input: { userId: world.spam.id } })
}

async function openAccount(url: string, { handle, displayName }: SamplePerson) {
  const client = createClient(url)
  const { signUp } = await client.ask('sign-up', { input: { handle, displayName, password: PASSWORD } })
  const isNew = signUp.__typename === 'SignUpPayload'
  const { accessToken, refreshToken, user } = isNew
    ? signUp.session
    : await signIn(client, handle, expectMember(signUp, 'RequestFailed'))
  const person: Person = {
    ...user,
    password: PASSWORD,
    accessToken,
    refreshToken,
    client: createClient(url, accessToken),
  }
  return { person, isNew }
}

async function signIn(client: Client, handle: string, { code, message }: { code: string; message: string }) {
  // Whatever else is wrong, such as too many accounts from one address.
  if (code !== 'CONFLICT') throw new Error(`The account ${handle} was not created: ${message}`)
  const { signIn } = await client.ask('sign-in', { input: { handle, password: PASSWORD } })
  if (signIn.__typename === 'RequestFailed' && signIn.code === 'NOT_ALLOWED')
    throw new SampleHandleTaken(handle)
  return expectMember(signIn, 'SignInPayload').session
}

async function describe(person: Person, { about, title, face }: SamplePerson): Promise<void> {
  const avatarMediaId = face ? await uploadOnce(person, await facePicture(person.handle, face)) : null
  await person.client.ask('update-profile', { input: { about, avatarMediaId } })
  await person.client.ask('update-moblog', { input: { title, about } })
}

/** @param key identifies the post, and its comments, if an earlier run has published them */
async function addPost(world: World, post: SamplePost, key: string): Promise<void> {
  const { by, text, audience = 'FRIENDS', pictures = [], films = [], likedBy = [], comments = [] } = post
  const author = world[by]
  const files: MediaFile[] = await Promise.all([...pictures.map(scenePicture), ...films.map(sampleFilm)])
  const mediaIds: string[] = []
  for (const file of files) mediaIds.push(await uploadOnce(author, file))
  const { publishPost } = await author.client.ask('publish-post', {
    input: { text, audience, mediaIds, clientMutationId: key },
  })
  if (wasDeleted(publishPost)) return
  const postId = expectMember(publishPost, 'PublishPostPayload').post.id
  for (const name of likedBy) await world[name].client.ask('like-post', { input: { postId } })
  for (const [index, [name, comment]] of comments.entries()) {
    const { commentOnPost } = await world[name].client.ask('comment-on-post', {
      input: { postId, text: comment, clientMutationId: `${key}-comment-${index + 1}` },
    })
    if (!wasDeleted(commentOnPost)) expectMember(commentOnPost, 'CommentOnPostPayload')
  }
}

/** Whether an earlier run has added something that its author has deleted since. */
function wasDeleted(result: { __typename: string; code?: string }): boolean {
  return result.__typename === 'RequestFailed' && result.code === 'CONFLICT'
}
