import {
  ChangeAudienceListMembersDocument,
  CreateAudienceListDocument,
  DeleteAudienceListDocument,
  RenameAudienceListDocument,
} from '../../../generated/graphql/web.ts'
import { send } from './client.ts'
import { succeed } from './failure.ts'

/** Creates an audience list, and returns its id. */
export async function createList(name: string): Promise<string> {
  const { createAudienceList } = await send(CreateAudienceListDocument, { input: { name } })
  return succeed(createAudienceList).audienceList.id
}

export async function renameList(listId: string, name: string): Promise<void> {
  succeed((await send(RenameAudienceListDocument, { input: { listId, name } })).renameAudienceList)
}

export async function deleteList(listId: string): Promise<void> {
  succeed((await send(DeleteAudienceListDocument, { input: { listId } })).deleteAudienceList)
}

/** Adds a user to an audience list, or removes them. */
export async function changeMember(listId: string, userId: string, isMember: boolean): Promise<void> {
  const change = isMember ? { addIds: [userId] } : { removeIds: [userId] }
  const input = { listId, ...change }
  succeed((await send(ChangeAudienceListMembersDocument, { input })).changeAudienceListMembers)
}
