import { attempt } from '../../components/attempt.ts'
import { toast } from '../../components/toast.ts'
import { updateProfile } from '../../data/account.ts'
import { appUploads } from '../../uploads/app-uploads.ts'
import { words as uploadWords } from '../../uploads/messages.ts'
import type { Upload } from '../../uploads/uploads.ts'
import { words } from './messages.ts'

// Outside of the element, so that it goes on while the user looks at another screen.
let current: string | null = null

/** The upload of a new profile picture; null if there is none. */
export function pictureUpload(): Upload | null {
  return current === null ? null : appUploads().get(current)
}

/** Uploads a picture, and makes it the profile picture. Resolves to whether it is. */
export async function uploadPicture(file: File): Promise<boolean> {
  // Some systems do not know the type of every picture; then the server says what it is.
  if (file.type !== '' && !file.type.startsWith('image/')) {
    toast(words().notPicture)
    return false
  }
  await cancelPicture()
  try {
    current = appUploads().add(file).id
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    toast(uploadWords().rateLimited)
    return false
  }
  return useWhenStored(current)
}

async function useWhenStored(id: string): Promise<boolean> {
  for (;;) {
    const upload = await appUploads().whenFinished(id)
    if (upload === null || current !== id) return false
    if (upload.mediaId !== null) {
      const { mediaId } = upload
      const isUsed = await attempt(() => updateProfile({ avatarMediaId: mediaId }))
      current = null
      appUploads().dismiss(id)
      if (isUsed) toast(words().saved)
      return isUsed
    }
    // It has failed. The user may try again.
    await nextChange()
  }
}

function nextChange(): Promise<void> {
  return new Promise((resolve) => {
    appUploads().addEventListener('change', () => resolve(), { once: true })
  })
}

/** Ends the upload of a new profile picture. */
export async function cancelPicture(): Promise<void> {
  const id = current
  current = null
  if (id !== null) await appUploads().cancel(id)
}
