import { Refused } from '../data/failure.ts'
import { words } from './messages.ts'
import { toast } from './toast.ts'

/**
 * Does something that may fail, and tells the user when it does.
 *
 * @returns whether it succeeded
 */
export async function attempt(action: () => Promise<unknown>): Promise<boolean> {
  try {
    await action()
    return true
  } catch (error) {
    toast(error instanceof Refused && error.message !== '' ? error.message : words().failed)
    return false
  }
}
