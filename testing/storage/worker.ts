import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { toolForTests } from './clips.ts'
import type { TestStorage } from './storage.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** A worker in a separate process. */
export type TestWorker = {
  /** Returns its log output so far. */
  logged(): string
  /** Ends the worker. Returns its exit code, or null if a signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>
}

/** Starts a worker for a test storage with the documented command and extra settings. */
export async function startTestWorker(
  storage: TestStorage,
  env: Record<string, string> = {},
): Promise<TestWorker> {
  const { scripts } = JSON.parse(await readFile(path.join(ROOT, 'package.json'), 'utf8'))
  const command = scripts['start:storage-worker'].replace('exec node ', '').split(' ')
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...command], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'test',
      LOG_LEVEL: 'warn',
      STORAGE_WORKERS: '1',
      STORAGE_FREE_FLOOR: '0',
      DATABASE_URL: storage.databaseUrl,
      STORAGE_DIR: storage.folder,
      FFMPEG_PATH: await toolForTests('ffmpeg'),
      FFPROBE_PATH: await toolForTests('ffprobe'),
      ...env,
    },
  })
  let logged = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    logged += chunk
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return {
    logged: () => logged,
    end(signal) {
      child.kill(signal)
      return ended
    },
  }
}
