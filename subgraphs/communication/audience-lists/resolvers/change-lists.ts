import type { Resolvers } from '../../../../generated/graphql/communication.ts'
import { isId } from '../../../../platform/ids.ts'
import { requestFailed, signInFirst } from '../../failures.ts'
import { MAX_LISTS } from '../audience-list.ts'
import { type ChangingLists, createList, deleteList, renameList } from '../change-lists.ts'
import { isRefused, noSuchList, notAListId, readName } from '../list-input.ts'

/** `Mutation.createAudienceList`, `Mutation.renameAudienceList` and `Mutation.deleteAudienceList` */
export function changeListsResolvers(changing: ChangingLists) {
  return {
    Mutation: {
      createAudienceList: async (_root, { input }, { viewerId }) => {
        if (viewerId === null) return signInFirst()
        const name = readName(input.name)
        if (isRefused(name)) return name
        const list = await createList(changing, viewerId, name)
        if (list === 'no such user') return signInFirst()
        if (list === 'name taken') return nameTaken(name)
        if (list === 'too many lists') {
          return requestFailed(
            'CONFLICT',
            `You have ${MAX_LISTS} audience lists, the most possible. Delete one first.`,
          )
        }
        return { __typename: 'CreateAudienceListPayload', audienceList: list }
      },
      renameAudienceList: async (_root, { input: { listId, name: typed } }, { viewerId }) => {
        if (viewerId === null) return signInFirst()
        if (!isId(listId)) return notAListId()
        const name = readName(typed)
        if (isRefused(name)) return name
        const list = await renameList(changing, viewerId, listId, name)
        if (list === 'no such list') return noSuchList()
        if (list === 'name taken') return nameTaken(name)
        return { __typename: 'RenameAudienceListPayload', audienceList: list }
      },
      deleteAudienceList: async (_root, { input: { listId } }, { viewerId }) => {
        if (viewerId === null) return signInFirst()
        if (!isId(listId)) return notAListId()
        const outcome = await deleteList(changing, viewerId, listId)
        return outcome === 'deleted' ? { __typename: 'DeleteAudienceListPayload', listId } : noSuchList()
      },
    },
  } satisfies Resolvers
}

const nameTaken = (name: string) =>
  requestFailed('CONFLICT', `You already have an audience list with the name "${name}". Choose another name.`)
