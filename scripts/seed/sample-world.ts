import type { SampleAccount } from '../../gateway/web-client/sample-accounts.ts'
import { createClient, expectMember } from '../client/client.ts'
import type { MediaFile } from '../client/media-file.ts'
import { publish } from '../client/moblogs.ts'
import { befriend, type Person } from '../client/people.ts'
import { uploadByTus } from '../client/uploads.ts'
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

/**
 * Creates the sample world. Where it exists already, nothing is added.
 *
 * @param report takes lines that say what is being done
 * @returns the accounts
 */
export async function createSampleWorld(
  url: string,
  report: (line: string) => void,
): Promise<SampleAccount[]> {
  const names = Object.keys(PEOPLE) as PersonName[]
  const people = await Promise.all(names.map((name) => openAccount(url, PEOPLE[name])))
  const world = Object.fromEntries(names.map((name, index) => [name, people[index]?.person])) as World
  if (people.some(({ isNew }) => isNew)) {
    report('Profiles …')
    for (const name of names) await describe(world[name], PEOPLE[name])
    for (const [one, other] of FRIENDSHIPS) await befriend(world[one], world[other])
    await world.noor.client.ask('request-friend', { input: { userId: world.mei.id } })
    await world.mei.client.ask('request-friend', { input: { userId: world.leo.id } })
    for (const [index, post] of POSTS.entries()) {
      report(`Post ${index + 1} of ${POSTS.length} …`)
      await addPost(world, post)
    }
    await world.mei.client.ask('block-user', { input: { userId: world.spam.id } })
  } else report('The sample world exists already.')
  return names
    .filter((name) => name !== 'spam')
    .map((name) => {
      const { handle, displayName, note } = PEOPLE[name]
      return { handle, displayName, note, password: PASSWORD }
    })
}

async function openAccount(url: string, { handle, displayName }: SamplePerson) {
  const client = createClient(url)
  const { signUp } = await client.ask('sign-up', { input: { handle, displayName, password: PASSWORD } })
  const isNew = signUp.__typename === 'SignUpPayload'
  const { session } = isNew
    ? signUp
    : expectMember(
        (await client.ask('sign-in', { input: { handle, password: PASSWORD } })).signIn,
        'SignInPayload',
      )
  const { accessToken, refreshToken, user } = session
  const person: Person = {
    ...user,
    password: PASSWORD,
    accessToken,
    refreshToken,
    client: createClient(url, accessToken),
  }
  return { person, isNew }
}

async function describe(person: Person, { about, title, face }: SamplePerson): Promise<void> {
  const avatarMediaId = face ? (await uploadByTus(person, await facePicture(person.handle, face))).id : null
  await person.client.ask('update-profile', { input: { about, avatarMediaId } })
  await person.client.ask('update-moblog', { input: { title, about } })
}

async function addPost(world: World, post: SamplePost): Promise<void> {
  const { by, text, audience = 'FRIENDS', pictures = [], films = [], likedBy = [], comments = [] } = post
  const author = world[by]
  const files: MediaFile[] = await Promise.all([...pictures.map(scenePicture), ...films.map(sampleFilm)])
  const mediaIds: string[] = []
  for (const file of files) mediaIds.push((await uploadByTus(author, file)).id)
  const { id } = await publish(author, { text, audience, mediaIds })
  for (const name of likedBy) await world[name].client.ask('like-post', { input: { postId: id } })
  for (const [name, comment] of comments) {
    const { commentOnPost } = await world[name].client.ask('comment-on-post', {
      input: { postId: id, text: comment },
    })
    expectMember(commentOnPost, 'CommentOnPostPayload')
  }
}
