import path from 'node:path'
import pino from 'pino'
import { openSandbox } from '../../subgraphs/storage/sandbox/open-sandbox.ts'
import type { Sandbox, SandboxKind } from '../../subgraphs/storage/sandbox/sandbox.ts'
import { toolForTests } from './clips.ts'

const silent = pino({ level: 'silent' })

/** Opens a sandbox for tests that run media tools. By default it is the strongest that works on this machine. */
export async function openTestSandbox(
  folder: string,
  wanted: SandboxKind | 'auto' = 'auto',
  log = silent,
): Promise<Sandbox> {
  const [ffprobe, ffmpeg] = [await toolForTests('ffprobe'), await toolForTests('ffmpeg')]
  return openSandbox({
    wanted,
    programs: [ffprobe, ffmpeg, process.execPath],
    folder: path.join(folder, 'sandbox'),
    log,
  })
}
