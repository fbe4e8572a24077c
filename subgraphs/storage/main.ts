import { runService } from '../../hosting/run-service.ts'
import { storageConfig } from './config.ts'
import { startStorage } from './service.ts'

await runService({ name: 'storage', config: storageConfig, start: startStorage })
