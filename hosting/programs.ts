import { SERVICES } from './services.ts'

// Each program loads only the code that it runs.
const COMMANDS: Readonly<Record<string, () => Promise<void>>> = {
  gateway: async () => (await import('./run-gateway.ts')).runGateway(),
  'storage-worker': async () => (await import('./run-storage-worker.ts')).runStorageWorker(),
  'storage-sweep': async () => (await import('./run-storage-sweep.ts')).runStorageSweep(),
  'storage-fsck': async () => (await import('./run-storage-fsck.ts')).runStorageFsck(),
  'rotate-keys': async () => (await import('./run-rotate-keys.ts')).runRotateKeys(),
}

/** All programs, except `npm start`, which `main.js` in the project's folder starts. */
export const PROGRAMS: ReadonlyMap<string, () => Promise<void>> = new Map([
  ...Object.entries(COMMANDS),
  ...SERVICES.map((service) => {
    const runAlone = async () => (await import('./run-service.ts')).runService(service)
    return [service.name, runAlone] as const
  }),
])

/** Runs a program by its name. Exits with status 2 if there is no such program. */
export async function runProgram(name = ''): Promise<void> {
  const program = PROGRAMS.get(name)
  if (program) return program()
  process.stderr.write(`Usage: node hosting/main.js <${[...PROGRAMS.keys()].join('|')}>\n`)
  process.exit(2)
}
