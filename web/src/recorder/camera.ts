import type { RecordingKind } from './recording-type.ts'

/** Which camera films: the one towards the user, or the one away from them. */
export type Facing = 'user' | 'environment'

/** Why nothing can be recorded. LOST: what was open was taken away before anything was recorded. */
export type CameraTrouble = 'REFUSED' | 'MISSING' | 'BUSY' | 'LOST' | 'UNSUPPORTED'

// Phones turn the picture upright; a computer gives what it has.
const PICTURE = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } }

/** Opens camera and microphone. Rejects with the browser's error if it cannot, see `troubleOf`. */
export function openCamera(kind: RecordingKind, facing: Facing): Promise<MediaStream> {
  const audio = { echoCancellation: false, noiseSuppression: true }
  const video = kind === 'video' && { ...PICTURE, facingMode: { ideal: facing } }
  return navigator.mediaDevices.getUserMedia({ audio, video })
}

/** Whether this browser can record at all. */
export function canRecord(): boolean {
  return 'MediaRecorder' in globalThis && Boolean(navigator.mediaDevices?.getUserMedia)
}

/** Whether there is a second camera to turn to. */
export async function hasSeveralCameras(): Promise<boolean> {
  const devices = await navigator.mediaDevices.enumerateDevices()
  return devices.filter(({ kind }) => kind === 'videoinput').length > 1
}

export function closeStream(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop()
}

/** Reads the reason of a refusal from the error of `getUserMedia`. */
export function troubleOf(error: unknown): CameraTrouble {
  const name = error instanceof Error ? error.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'REFUSED'
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'MISSING'
  return name === 'NotReadableError' || name === 'AbortError' ? 'BUSY' : 'UNSUPPORTED'
}
