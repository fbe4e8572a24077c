import { runService } from '../../hosting/run-service.ts'
import { communicationConfig } from './config.ts'
import { startCommunication } from './service.ts'

/** Runs the communication service as a process of its own. */
export const runProgram = () =>
  runService({ name: 'communication', config: communicationConfig, start: startCommunication })
