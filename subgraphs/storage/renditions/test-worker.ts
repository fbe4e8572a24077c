import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { toolForTests } from '../test-clips.ts'
import type { TestStorage } from '../test-storage.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** A worker in a process of its own. */
export type TestWorker = {
  /** What it has logged so far. */
  logged(): string
  /** Ends it; answers its exit code, null where a signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>
}

/** Starts a worker for a storage under test as the documented command does, with further configuration. */
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
