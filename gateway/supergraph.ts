import { watch } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { SupergraphSdlHook } from '@apollo/gateway'
import type { Log } from '../platform/log.ts'

/** Reads the composed supergraph from its file, and again when the file changes. */
export function watchedSupergraph(file: string, log: Log): SupergraphSdlHook {
  return async ({ update }) => {
    let current = await readFile(file, 'utf8')
    const reload = async () => {
      try {
        const next = await readFile(file, 'utf8')
        if (next === current || next === '') return
        update(next)
        current = next
        log.info({}, 'supergraph reloaded')
      } catch (error) {
        log.error({ err: error }, 'supergraph reload failed; the previous supergraph remains in use')
      }
    }
    // Watches the folder, because editors and deployments replace the file instead of writing into it.
    const watcher = watch(path.dirname(file), { persistent: false }, (_event, name) => {
      if (name === path.basename(file)) void reload()
    })
    return { supergraphSdl: current, cleanup: async () => watcher.close() }
  }
}
