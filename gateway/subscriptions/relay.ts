import type { IncomingMessage, ServerResponse } from 'node:http'

/** Passes requests to the other gateway processes of this machine. */
export type Relay = {
  /** The name of this process. It has no dots. */
  name: string
  /**
   * Lets another process answer a request whose body was not read.
   *
   * @param closed aborts when the client has disconnected, or this process is about to stop
   * @returns false if there is no such process; then nothing was sent
   * @throws RefusedRequest if the other process has received the request but does not answer
   */
  pass(
    name: string,
    request: IncomingMessage,
    response: ServerResponse,
    closed: AbortSignal,
  ): Promise<boolean>
}
