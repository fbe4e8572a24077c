import { connect, type Socket } from 'node:net'

/** A request that never becomes complete. */
export type StalledRequest = {
  socket: Socket
  /** Everything that the server sent before it closed the connection. */
  answer: Promise<string>
}

/** Sends the headers of a POST and the first `bytes` bytes of a body of a million. Resolves when they are sent. */
export async function openStalledRequest(
  port: number,
  path: string,
  bytes: number,
  headers: readonly string[] = [],
): Promise<StalledRequest> {
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: localhost',
    'Content-Type: application/json',
    'Content-Length: 1000000',
    ...headers,
  ]
  return openSocket(port, `${head.join('\r\n')}\r\n\r\n${' '.repeat(bytes)}`)
}

/** Connects, sends a text, and then sends nothing more. */
export async function openSocket(port: number, text: string): Promise<StalledRequest> {
  const socket = connect(port, '127.0.0.1')
  const answer = new Promise<string>((resolve) => {
    let received = ''
    socket.setEncoding('utf8').on('data', (data) => {
      received += data
    })
    socket.on('error', () => {}).once('close', () => resolve(received))
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.write(text, () => resolve())
  })
  return { socket, answer }
}
