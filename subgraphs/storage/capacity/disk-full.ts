import { hasCode } from '../../../platform/system-error.ts'

/** Whether something could not be written since the disk, or the part of it that may be used, is full. */
export function isDiskFull(error: unknown): boolean {
  return hasCode(error, 'ENOSPC') || hasCode(error, 'EDQUOT')
}
