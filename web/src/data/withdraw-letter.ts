import { oneWindowAtATime } from '../browser-locks.ts'
import { openedStore, withdrawnIn } from './outbox.ts'
import { type Letter, outboxName } from './outbox-store.ts'
import { readSession } from './session-store.ts'

/**
 * Takes a mutation back before the server has answered it.
 *
 * @returns null if the server has answered it meanwhile
 */
export async function withdrawFromOutbox(clientMutationId: string): Promise<Letter | null> {
  const letters = openedStore()
  const name = outboxName(readSession()?.userId ?? '')
  // No window sends it now.
  return oneWindowAtATime(name, async () => {
    const letter = (await letters.all()).find(({ variables }) => mutationIdOf(variables) === clientMutationId)
    if (!letter) return null
    await letters.remove(letter.id)
    const windows = new BroadcastChannel(withdrawnIn(name))
    windows.postMessage(letter.id)
    windows.close()
    return letter
  })
}

function mutationIdOf({ input }: Letter['variables']): unknown {
  return typeof input === 'object' && input !== null && 'clientMutationId' in input
    ? input.clientMutationId
    : null
}
