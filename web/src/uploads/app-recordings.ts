import { readSession } from '../data/session-store.ts'
import { createRecordingStore, forgetRecordingsOf, type RecordingStore } from '../recorder/recording-store.ts'

const DATABASE = 'moblog-recordings'

/** What this device keeps of the recordings of the signed-in user; null when signed out. */
export function appRecordings(): RecordingStore | null {
  const session = readSession()
  return session && createRecordingStore(DATABASE, session.userId)
}

/** Forgets the recordings of a user of this device. */
export const forgetAppRecordings = (userId: string): Promise<void> => forgetRecordingsOf(DATABASE, userId)
