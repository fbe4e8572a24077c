// The types of the units that contain pictures (ITU-T H.264 §7.4.1, H.265 §7.4.2.2, AV1 §6.2.2). The list omits filler
// data, unspecified types and supplemental information (SEI), because recorders and editors write texts, locations and
// captions into SEI.
const PICTURE_UNITS: Record<string, string> = {
  h264: '1-5|7-11|13-15|19-20',
  hevc: '0-9|16-21|32-37',
  av1: '1-4|6-7',
}

/**
 * Returns ffmpeg's arguments that keep only the pictures of a video's bitstream; empty for codecs without other units.
 */
export function pictureUnitsAlone(codec: string): string[] {
  const types = PICTURE_UNITS[codec]
  return types ? ['-bsf:v', `filter_units=pass_types=${types}`] : []
}
