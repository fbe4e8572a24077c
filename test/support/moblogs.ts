import { type Client, expectMember } from './client.ts'
import type { DataOf, VariablesOf } from './operations.ts'
import type { Person } from './people.ts'

/** A moblog as the friend's single query shows it. */
export type ShownMoblog = NonNullable<NonNullable<DataOf<'friend-moblog'>['userByHandle']>['moblog']>

/** A post of it. */
export type ShownPost = ShownMoblog['posts']['edges'][number]['node']

/** The right to fetch a medium's bytes. */
export type MediaAccess = NonNullable<ShownPost['media'][number]['access']>

/** Publishes a post; to friends unless another audience is given. */
export async function publish(
  author: Person,
  input: Omit<VariablesOf<'publish-post'>['input'], 'text'> & { text?: string },
): Promise<{ id: string }> {
  const { publishPost } = await author.client.ask('publish-post', { input: { text: 'Look!', ...input } })
  return expectMember(publishPost, 'PublishPostPayload').post
}

/** Asks the friend's single query, exactly as the mobile client has it. */
export async function friendMoblog(
  client: Client,
  handle: string,
  page: { first?: number; after?: string } = {},
): Promise<DataOf<'friend-moblog'>['userByHandle']> {
  return (await client.ask('friend-moblog', { handle, ...page })).userByHandle
}

/** The posts of a moblog that someone may see; none where they may not know of its owner. */
export async function visiblePosts(client: Client, owner: Person): Promise<ShownPost[]> {
  const user = await friendMoblog(client, owner.handle)
  return user?.moblog?.posts.edges.map(({ node }) => node) ?? []
}

/** Someone's access to the first medium of the owner's newest post. */
export async function newestAccess(client: Client, owner: Person): Promise<MediaAccess> {
  const [post] = await visiblePosts(client, owner)
  const access = post?.media[0]?.access
  if (!access) throw new Error('there is no access to the newest post')
  return access
}

/** Someone's access to a medium, whatever post shows it; null where they may not play it. */
export async function accessTo(client: Client, mediaId: string) {
  return (await client.ask('media', { id: mediaId })).media?.access ?? null
}
