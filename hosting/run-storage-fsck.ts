import { runFsck } from '../subgraphs/storage/run-fsck.ts'
import { readCommandLine } from './command-line.ts'
import { maintainStorage, maintenanceSettings } from './maintain-storage.ts'

/** `npm run storage:fsck`. */
export function runStorageFsck(): Promise<never> {
  readCommandLine({
    usage: 'npm run storage:fsck',
    summary:
      'Compares the SHA-256 of all originals with the database, and checks that their variants exist. Exits with status 1 ' +
      'if there is a problem.',
    options: {},
    settings: maintenanceSettings,
  })
  return maintainStorage(runFsck)
}
