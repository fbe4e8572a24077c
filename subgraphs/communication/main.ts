import { runService } from '../../hosting/run-service.ts'
import { communicationConfig } from './config.ts'
import { startCommunication } from './service.ts'

await runService({ name: 'communication', config: communicationConfig, start: startCommunication })
