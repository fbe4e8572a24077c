import { hasCode } from '../../../platform/system-error.ts'

/** No room could be held for bytes that arrive. */
export class NoRoomLeft extends Error {
  override name = 'NoRoomLeft'
}

/** Whether something could not be written since the disk, or the part of it that may be used, is full. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof NoRoomLeft || hasCode(error, 'ENOSPC') || hasCode(error, 'EDQUOT')
}
