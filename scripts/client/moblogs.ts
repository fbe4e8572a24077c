import { type Client, expectMember } from './client.ts'
import type { DataOf, VariablesOf } from './operations.ts'
import type { Person } from './people.ts'

/** A moblog in the response of the friend's single query. */
export type ShownMoblog = NonNullable<NonNullable<DataOf<'friend-moblog'>['userByHandle']>['moblog']>

/** A post of this moblog. */
export type ShownPost = ShownMoblog['posts']['edges'][number]['node']

/** The right to fetch the bytes of a media file. */
export type MediaAccess = NonNullable<ShownPost['media'][number]['access']>

/** Publishes a post, by default for friends. */
export async function publish(
  author: Person,
  input: Omit<VariablesOf<'publish-post'>['input'], 'text'> & { text?: string },
): Promise<{ id: string }> {
  const { publishPost } = await author.client.ask('publish-post', { input: { text: 'Look!', ...input } })
  return expectMember(publishPost, 'PublishPostPayload').post
}

/** Runs the friend's single query, exactly as the mobile client does. */
export async function friendMoblog(
  client: Client,
  handle: string,
  page: { first?: number; after?: string } = {},
): Promise<DataOf<'friend-moblog'>['userByHandle']> {
  return (await client.ask('friend-moblog', { handle, ...page })).userByHandle
}

/** Returns the posts of a moblog that the client's user may see. Empty if the owner does not exist for this user. */
export async function visiblePosts(client: Client, owner: Person): Promise<ShownPost[]> {
  const user = await friendMoblog(client, owner.handle)
  return user?.moblog?.posts.edges.map(({ node }) => node) ?? []
}

/** Returns the access to the first media file of the owner's newest post. */
export async function newestAccess(client: Client, owner: Person): Promise<MediaAccess> {
  const [post] = await visiblePosts(client, owner)
  const access = post?.media[0]?.access
  if (!access) throw new Error('the viewer has no access to the media of the newest post')
  return access
}

/** Returns the access to a media file, in any post. Null if the client's user may not play it. */
export async function accessTo(client: Client, mediaId: string) {
  return (await client.ask('media', { id: mediaId })).media?.access ?? null
}
