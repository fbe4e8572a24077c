import type { Report, Stream } from './ffprobe.ts'

/**
 * Lists the video tracks and the audio tracks whose codec is known, in the order in which to try them: those that the file
 * marks as its default come first. Cover pictures are no video tracks.
 */
export function tracksOf({ streams }: Report): { video: Stream[]; audio: Stream[] } {
  const inOrder = (kind: string) =>
    streams
      .filter(({ codec_type, codec_name }) => codec_type === kind && isKnown(codec_name))
      .sort((one, other) => isDefault(other) - isDefault(one))
  const isPicture = ({ disposition, width = 0 }: Stream) => !disposition?.attached_pic && width > 0
  return { video: inOrder('video').filter(isPicture), audio: inOrder('audio') }
}

/** Whether there is a cover picture. */
export function hasCover({ streams }: Report): boolean {
  return streams.some(
    ({ codec_type, codec_name, disposition }) =>
      codec_type === 'video' && isKnown(codec_name) && disposition?.attached_pic,
  )
}

function isKnown(codec: string | undefined): boolean {
  return codec !== undefined && codec !== 'unknown'
}

const isDefault = ({ disposition }: Stream) => Number(disposition?.default ?? 0)
