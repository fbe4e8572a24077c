// The units that pictures are made of, by their types. Left out are supplemental information (SEI), where recorders and
// editors write texts, places and captions, filler, and whatever is unspecified (ITU-T H.264 §7.4.1, H.265 §7.4.2.2,
// AV1 §6.2.2).
const PICTURE_UNITS: Record<string, string> = {
  h264: '1-5|7-11|13-15|19-20',
  hevc: '0-9|16-21|32-37',
  av1: '1-4|6-7',
}

/** The arguments with which ffmpeg keeps nothing of a video's bitstream but its pictures; none where nothing else is in it. */
export function pictureUnitsAlone(codec: string): string[] {
  const types = PICTURE_UNITS[codec]
  return types ? ['-bsf:v', `filter_units=pass_types=${types}`] : []
}
