import { askToPersist } from '../data/ask-to-persist.ts'
import { pageUserId } from '../data/session-store.ts'
import { createRecordingStore, forgetRecordingsOf, type RecordingStore } from '../recorder/recording-store.ts'

const DATABASE = 'moblog-recordings'

/** What this device keeps of the recordings of the signed-in user; null when signed out. */
export function appRecordings(): RecordingStore | null {
  const userId = pageUserId()
  if (userId === null) return null
  const store = createRecordingStore(DATABASE, userId)
  return {
    ...store,
    async keep(recording) {
      await store.keep(recording)
      askToPersist()
    },
  }
}

/** Forgets the recordings of a user of this device. */
export const forgetAppRecordings = (userId: string): Promise<void> => forgetRecordingsOf(DATABASE, userId)
