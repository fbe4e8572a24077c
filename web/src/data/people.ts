import {
  AcceptFriendRequestDocument,
  BlockUserDocument,
  CancelFriendRequestDocument,
  DeclineFriendRequestDocument,
  type Relationship,
  RequestFriendDocument,
  UnblockUserDocument,
  UnfriendDocument,
} from '../../../generated/graphql/web.ts'
import { send } from './client.ts'
import { succeed } from './failure.ts'

/** What the viewer can do about another user. */
export type PersonStep = 'accept' | 'block' | 'cancel' | 'decline' | 'request' | 'unblock' | 'unfriend'

/** The steps that a relationship allows, most likely first. */
export const STEPS: Readonly<Record<Relationship, readonly PersonStep[]>> = {
  SELF: [],
  NONE: ['request', 'block'],
  REQUEST_SENT: ['cancel', 'block'],
  REQUEST_RECEIVED: ['accept', 'decline', 'block'],
  FRIEND: ['unfriend', 'block'],
  BLOCKED: ['unblock'],
}

/** Takes a step between the viewer and another user. */
export async function takeStep(step: PersonStep, userId: string): Promise<void> {
  const variables = { input: { userId } }
  if (step === 'accept') succeed((await send(AcceptFriendRequestDocument, variables)).acceptFriendRequest)
  else if (step === 'block') succeed((await send(BlockUserDocument, variables)).blockUser)
  else if (step === 'cancel')
    succeed((await send(CancelFriendRequestDocument, variables)).cancelFriendRequest)
  else if (step === 'decline')
    succeed((await send(DeclineFriendRequestDocument, variables)).declineFriendRequest)
  else if (step === 'request') succeed((await send(RequestFriendDocument, variables)).requestFriend)
  else if (step === 'unblock') succeed((await send(UnblockUserDocument, variables)).unblockUser)
  else succeed((await send(UnfriendDocument, variables)).unfriend)
}
