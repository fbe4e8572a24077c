import { MediaDocument } from '../../../generated/graphql/web.ts'
import { ask } from '../data/client.ts'
import { appRecordings } from '../uploads/app-recordings.ts'
import type { Upload } from '../uploads/uploads.ts'

/**
 * Finds a picture of an upload whose file is not on the screen, such as a recording after a reload: what the recorder has
 * kept, or the poster that the server has made.
 */
export async function foundPicture({ mediaId, recordingId }: Upload): Promise<Blob | string | null> {
  const recording = recordingId === null ? null : await keptRecording(recordingId)
  if (recording) return recording.blob()
  if (mediaId === null) return null
  const { media } = await ask(MediaDocument, { id: mediaId, width: 320 })
  return media?.access?.posterUrl ?? null
}

async function keptRecording(id: string) {
  return (
    (await appRecordings()
      ?.open(id)
      .catch(() => null)) ?? null
  )
}
