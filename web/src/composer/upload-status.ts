import { byteSize } from '../i18n/format.ts'
import { words } from '../uploads/messages.ts'
import type { Upload } from '../uploads/uploads.ts'

/** Says how an upload is going: its state, and while it is sent how much, how fast and how long still. */
export function uploadStatus({ state, sentBytes, totalBytes, bytesPerSecond, secondsLeft }: Upload): string {
  const texts = words()
  if (state !== 'SENDING') {
    const { waiting, paused, offline, verifying, stored, failed, cancelled } = texts
    return {
      WAITING: waiting,
      PAUSED: paused,
      OFFLINE: offline,
      VERIFYING: verifying,
      STORED: stored,
      FAILED: failed,
      CANCELLED: cancelled,
    }[state]
  }
  const parts = [
    totalBytes === null ? byteSize(sentBytes) : texts.sentOf(byteSize(sentBytes), byteSize(totalBytes)),
  ]
  if (bytesPerSecond !== null) parts.push(texts.rate(byteSize(bytesPerSecond)))
  if (secondsLeft !== null)
    parts.push(
      secondsLeft < 90 ? texts.secondsLeft(secondsLeft) : texts.minutesLeft(Math.round(secondsLeft / 60)),
    )
  return parts.join(' · ')
}
