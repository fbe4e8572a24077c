import { runService } from '../../hosting/run-service.ts'
import { storageConfig } from './config.ts'
import { startStorage } from './service.ts'

/** Runs the storage service in a separate process. */
export const runProgram = () => runService({ name: 'storage', config: storageConfig, start: startStorage })
