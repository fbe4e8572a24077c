import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { watch } from 'chokidar'
import { WATCHED_FILES, WATCHED_FOLDERS } from './steps-after.ts'

// An editor saves a file in several steps, and Git changes many files at once.
const QUIET_MS = 60

/** The files that changed since they were last taken. */
export type Changes = {
  /** Resolves when all files are watched. */
  ready: Promise<void>
  /** Resolves when files have changed and none has for a moment. Returns their paths from the root, and forgets them. */
  take(): Promise<string[]>
  /** Forgets changes of files below a folder. */
  forget(folder: string): void
  stop(): void
}

/** Watches the sources, schemas and Prisma schemas of the project. */
export function watchChanges(root: string): Changes {
  const changed = new Set<string>()
  let lastAt = 0
  let wake = () => {}
  const note = (file: string) => {
    changed.add(file)
    lastAt = performance.now()
    wake()
  }
  // Editors replace a file instead of writing into it, which Node's own recursive watcher notices only once.
  const watcher = watch([...WATCHED_FOLDERS, ...WATCHED_FILES], { cwd: root, ignoreInitial: true })
  watcher.on('all', (event, file) => {
    if (!event.endsWith('Dir')) note(file.split(path.sep).join('/'))
  })
  return {
    ready: new Promise((resolve) => {
      watcher.once('ready', resolve)
    }),
    async take() {
      if (changed.size === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      while (performance.now() < lastAt + QUIET_MS) await sleep(QUIET_MS / 4)
      const files = [...changed]
      changed.clear()
      return files
    },
    forget(folder) {
      for (const file of changed) if (file.startsWith(`${folder}/`)) changed.delete(file)
    },
    stop() {
      void watcher.close()
    },
  }
}
