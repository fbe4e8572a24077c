import { inTransaction, type RootDb } from '../database.ts'
import { searchWords } from '../search-words/search-words.ts'
import { type MoblogText, saveMoblogText, saveMoblogWords } from './moblog-store.ts'

/** Saves the given texts of a moblog and, in the same transaction, the search words of all its texts. */
export function updateMoblog(db: RootDb, id: string, change: Partial<MoblogText>): Promise<void> {
  return inTransaction(db, async (tx) => {
    const { title, about } = await saveMoblogText(tx, id, change)
    await saveMoblogWords(tx, id, searchWords(title, about))
  })
}
