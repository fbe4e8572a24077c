import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import http, { type IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../eventually.ts'
import { childrenOf } from './processes.ts'

/** A connection to one worker of a product. */
export type WorkerConnection = {
  /** The process that serves the connection. */
  pid: number
  request(url: string, options: http.RequestOptions): http.ClientRequest
  close(): void
}

/** Returns the worker processes of a product that runs in several, by the process id of the primary process. */
export function workersOf(primary: number): number[] {
  return childrenOf(primary).filter((pid) => readQuietly(`/proc/${pid}/environ`).includes('MOBLOG_WORKER='))
}

/** Opens connections until one is served by this worker, which may be starting. */
export function connectTo(origin: string, worker: number): Promise<WorkerConnection> {
  return eventually(() => connect(origin, worker), 60_000)
}

async function connect(origin: string, worker: number): Promise<WorkerConnection | null> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  const call = http.get(`${origin}/livez`, { agent })
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    call.once('response', resolve).once('error', reject)
  })
  const { localPort = 0, remotePort = 0 } = response.socket
  const inode = inodeOf(remotePort, localPort)
  const isReached = inode !== null && hasSocket(worker, inode)
  for await (const _chunk of response);
  if (!isReached) {
    agent.destroy()
    // Workers take turns, so two clients in step would always get the same ones.
    await sleep(Math.random() * 50)
    return null
  }
  return {
    pid: worker,
    request: (url, options) => http.request(url, { ...options, agent }),
    close: () => agent.destroy(),
  }
}

/** Returns the inode of the server's side of a connection on this machine (proc_net(5)). */
function inodeOf(serverPort: number, clientPort: number): string | null {
  const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, '0')
  const lines = ['tcp', 'tcp6'].flatMap((name) => readQuietly(`/proc/net/${name}`).split('\n').slice(1))
  for (const line of lines) {
    const [, local = '', remote = '', , , , , , , inode = ''] = line.trim().split(/\s+/)
    if (local.endsWith(`:${hex(serverPort)}`) && remote.endsWith(`:${hex(clientPort)}`)) return inode
  }
  return null
}

function hasSocket(pid: number, inode: string): boolean {
  const folder = `/proc/${pid}/fd`
  return readdirSync(folder).some((name) => {
    try {
      return readlinkSync(`${folder}/${name}`) === `socket:[${inode}]`
    } catch {
      return false
    }
  })
}

function readQuietly(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
