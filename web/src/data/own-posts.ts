import { DeletePostDocument, EditPostDocument, type EditPostInput } from '../../../generated/graphql/web.ts'
import { send } from './client.ts'
import { succeed } from './failure.ts'

export async function editPost(input: EditPostInput): Promise<void> {
  succeed((await send(EditPostDocument, { input })).editPost)
}

export async function deletePost(postId: string): Promise<void> {
  succeed((await send(DeletePostDocument, { input: { postId } })).deletePost)
}
