import type { ServerResponse } from 'node:http'
import { sendJson } from '../../../platform/http/respond.ts'

/** The answer to a tus request, with a message for people if the request is refused. */
export type TusAnswer = { status: number; headers?: Record<string, string>; message?: string }

const HEADERS = { 'tus-resumable': '1.0.0', 'cache-control': 'no-store' }

/** Sends the answer to a tus request. */
export function sendTusAnswer(response: ServerResponse, { status, headers, message }: TusAnswer): void {
  const all = { ...HEADERS, ...headers }
  if (message === undefined) response.writeHead(status, all).end()
  else sendJson(response, status, { message }, all)
}

/** The answer if bytes could not be written. Bytes before the failure are kept, and the client may continue later. */
export const DISK_FULL: TusAnswer = {
  status: 507,
  headers: { 'retry-after': '60' },
  message:
    'The storage server does not have enough free space at the moment. Continue later from the offset that HEAD returns.',
}

/** The answer to a request for an upload that has ended or waits for verification. */
export const TAKES_NO_MORE: TusAnswer = {
  status: 409,
  message:
    'The upload accepts no more bytes, because it is complete or has ended. Query its state with uploadSession.',
}
