import type { Resolvers } from '../../../../generated/graphql/communication.ts'
import { isId } from '../../../../platform/ids.ts'
import { requestFailed, signInFirst } from '../../failures.ts'
import { MAX_MEMBERS } from '../audience-list.ts'
import type { ChangingLists } from '../change-lists.ts'
import { changeMembers } from '../change-members.ts'
import { isRefused, noSuchList, notAListId, readMemberChange } from '../list-input.ts'

/** `Mutation.changeAudienceListMembers` */
export function changeMembersResolvers(changing: ChangingLists) {
  return {
    Mutation: {
      changeAudienceListMembers: async (_root, { input }, { viewerId }) => {
        if (viewerId === null) return signInFirst()
        if (!isId(input.listId)) return notAListId()
        const change = readMemberChange(input, viewerId)
        if (isRefused(change)) return change
        const list = await changeMembers(changing, viewerId, input.listId, change)
        if (list === 'no such list') return noSuchList()
        if (list === 'too many members') {
          return requestFailed(
            'CONFLICT',
            `An audience list has at most ${MAX_MEMBERS} members. Remove some first.`,
          )
        }
        if ('unknownIds' in list) {
          const ids = list.unknownIds.join(', ')
          return requestFailed('NOT_FOUND', `These users do not exist: ${ids}. Check the ids.`)
        }
        return { __typename: 'ChangeAudienceListMembersPayload', audienceList: list }
      },
    },
  } satisfies Resolvers
}
