import { runSweep } from '../subgraphs/storage/run-sweep.ts'
import { readCommandLine } from './command-line.ts'
import { maintainStorage, maintenanceSettings } from './maintain-storage.ts'

/** `npm run storage:sweep [-- --dry-run]`. */
export function runStorageSweep(): Promise<never> {
  const { values } = readCommandLine({
    usage: 'npm run storage:sweep -- [--dry-run]',
    summary:
      'Gives up expired uploads, quarantines files that the database does not know, restores those it knows again, and ' +
      'lists media that lack their files. Exits with 1 if there are such media.',
    options: { 'dry-run': { type: 'boolean', default: false } },
    optionHelp: ['--dry-run      only lists the changes'],
    settings: maintenanceSettings,
  })
  return maintainStorage((stores) => runSweep(stores, values['dry-run']))
}
