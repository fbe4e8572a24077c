import type { UploadNotice } from '../../data/own-uploads.ts'
import { dayAndTime } from '../../i18n/format.ts'
import { words } from './messages.ts'

// As `recordingName` of the recorder names files, in the time of UTC.
const RECORDING = /^(?:audio|video)-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)\.\w+$/

/** What users call a file: its title, or for a recording of this app when it was made. */
export function fileName({
  kind,
  title,
  altText,
}: Pick<NonNullable<UploadNotice['media']>, 'kind' | 'title' | 'altText'>): string {
  const kindName = words()[kind ?? 'IMAGE']
  const [, day, hours, minutes, seconds] = RECORDING.exec(title ?? '') ?? []
  if (day) return words().recorded(kindName, dayAndTime(`${day}T${hours}:${minutes}:${seconds}Z`))
  return title || altText || kindName
}
