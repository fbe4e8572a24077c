import { readdirSync } from 'node:fs'
import type { AnyNotificationKind } from '../notification-kind.ts'

const FOLDER = new URL('.', import.meta.url)

/**
 * All kinds of notifications: one for each other file of this folder, except tests. Kinds must not import this file,
 * because it waits until they are loaded.
 */
export const notificationKinds: readonly AnyNotificationKind[] = await Promise.all(
  readdirSync(FOLDER)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'kinds.ts')
    .sort()
    .map(loadKind),
)

async function loadKind(file: string): Promise<AnyNotificationKind> {
  const { kind }: { kind?: AnyNotificationKind } = await import(new URL(file, FOLDER).href)
  if (!kind) throw new Error(`${file} must export a notification kind as "kind".`)
  return kind
}
