import { attempt } from '../../components/attempt.ts'
import { toast } from '../../components/toast.ts'
import { updateProfile } from '../../data/account.ts'
import { appUploads } from '../../uploads/app-uploads.ts'
import { words as uploadWords } from '../../uploads/messages.ts'
import type { Upload } from '../../uploads/uploads.ts'
import { words } from './messages.ts'

// Outside of the element, so that it goes on while the user looks at another screen.
const followed = new Set<string>()

/** The upload of a new profile picture; null if there is none. */
export function pictureUpload(): Upload | null {
  return appUploads().list.findLast(({ isAvatar }) => isAvatar) ?? null
}

/** Uploads a picture, and makes it the profile picture. */
export async function uploadPicture(file: File): Promise<void> {
  // Some systems do not know the type of every picture; then the server says what it is.
  if (file.type !== '' && !file.type.startsWith('image/')) {
    return toast(words().notPicture)
  }
  await cancelPicture()
  try {
    void useWhenStored(appUploads().add(file, { isAvatar: true }).id)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    toast(uploadWords().rateLimited)
  }
}

/** Goes on with a profile picture whose upload was unfinished, or that was not used yet, when the app was closed. */
export function followPicture(): void {
  const follow = () => {
    if (!appUploads().isLoaded) return
    appUploads().removeEventListener('change', follow)
    const unused = pictureUpload()
    if (unused && !followed.has(unused.id)) void useWhenStored(unused.id)
  }
  appUploads().addEventListener('change', follow)
  follow()
}

async function useWhenStored(id: string): Promise<void> {
  followed.add(id)
  for (;;) {
    const upload = await appUploads().whenFinished(id)
    if (upload === null) return
    if (upload.mediaId !== null) {
      const { mediaId } = upload
      if (await attempt(() => updateProfile({ avatarMediaId: mediaId }))) toast(words().saved)
      return appUploads().dismiss(id)
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
  const id = pictureUpload()?.id
  if (id !== undefined) await appUploads().cancel(id)
}
