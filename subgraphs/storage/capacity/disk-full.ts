import { hasCode } from '../../../platform/system-error.ts'

/** No disk space could be held for arriving bytes. */
export class NoRoomLeft extends Error {
  override name = 'NoRoomLeft'
}

/** Whether a write failed because the disk is full, or the part of the disk that may be used. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof NoRoomLeft || hasCode(error, 'ENOSPC') || hasCode(error, 'EDQUOT')
}
