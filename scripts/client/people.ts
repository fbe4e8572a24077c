import { randomBytes } from 'node:crypto'
import { type Client, createClient, expectMember } from './client.ts'

/** A user who is signed in. */
export type Person = {
  id: string
  handle: string
  displayName: string
  password: string
  accessToken: string
  refreshToken: string
  client: Client
}

/** Creates an account whose handle begins with the name, and signs in. */
export async function signUp(url: string, name: string): Promise<Person> {
  const handle = `${name.toLowerCase()}_${randomBytes(5).toString('hex')}`
  const password = randomBytes(12).toString('base64url')
  const { signUp } = await createClient(url).ask('sign-up', {
    input: { handle, displayName: name, password },
  })
  const { session } = expectMember(signUp, 'SignUpPayload')
  const { accessToken, refreshToken, user } = session
  return { ...user, password, accessToken, refreshToken, client: createClient(url, accessToken) }
}

/** Signs a user in on another device. */
export async function signInAgain(url: string, person: Person): Promise<Person> {
  const { handle, password } = person
  const { signIn } = await createClient(url).ask('sign-in', { input: { handle, password } })
  const { accessToken, refreshToken } = expectMember(signIn, 'SignInPayload').session
  return { ...person, accessToken, refreshToken, client: createClient(url, accessToken) }
}

/** Signs up several users at the same time. */
export async function signUpAll<const Names extends readonly string[]>(
  url: string,
  names: Names,
): Promise<{ -readonly [Index in keyof Names]: Person }> {
  const people = await Promise.all(names.map((name) => signUp(url, name)))
  return people as { -readonly [Index in keyof Names]: Person }
}

/** Makes two users friends: one sends the request, the other accepts. */
export async function befriend(one: Person, other: Person): Promise<void> {
  const { requestFriend } = await one.client.ask('request-friend', { input: { userId: other.id } })
  expectMember(requestFriend, 'RequestFriendPayload')
  const { acceptFriendRequest } = await other.client.ask('accept-friend-request', {
    input: { userId: one.id },
  })
  expectMember(acceptFriendRequest, 'AcceptFriendRequestPayload')
}
