import { runService } from '../../hosting/run-service.ts'
import { communicationConfig } from './config.ts'
import { startCommunication } from './service.ts'

/** Runs the communication service in a separate process. */
export const runProgram = () =>
  runService({ name: 'communication', config: communicationConfig, start: startCommunication })
