import { colourTags, scaleForJpeg, scaleForVideo } from './colours.ts'
import type { Size } from './ladder.ts'
import type { Source } from './source.ts'

/**
 * Returns the filters that scale a picture, make its pixels square, and convert its colours for every screen. If the
 * shape changes in the middle of a recording, the picture gets bars and is not distorted.
 */
export function shrunk(
  size: Size,
  { isHdr, matrix }: Pick<NonNullable<Source['video']>, 'isHdr' | 'matrix'>,
  canToneMap: boolean,
  purpose: 'VIDEO' | 'JPEG',
): string[] {
  const { width, height } = size
  const padded = [`pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2`, 'setsar=1']
  if (!isHdr || !canToneMap) {
    const scale = letterboxed(size, purpose === 'VIDEO' ? scaleForVideo(matrix) : scaleForJpeg(matrix))
    return [scale, ...padded, 'format=yuv420p', ...(purpose === 'VIDEO' ? colourTags(matrix) : [])]
  }
  const scale = [letterboxed(size, ''), ...padded]
  const transfer = isHdr === 'PQ' ? 'smpte2084' : 'arib-std-b67'
  return [
    ...scale,
    `zscale=tin=${transfer}:pin=bt2020:min=bt2020nc:rin=tv:t=linear:npl=${isHdr === 'PQ' ? 100 : 203}`,
    ...['format=gbrpf32le', 'zscale=p=bt709', 'tonemap=tonemap=hable:desat=0'],
    ...[`zscale=t=bt709:m=${purpose === 'VIDEO' ? 'bt709' : 'smpte170m'}:r=tv`, 'format=yuv420p'],
  ]
}

// `dar` is the display aspect ratio of the current picture. Sizes are even, so small differences are tolerated.
function letterboxed({ width, height }: Size, colours: string): string {
  const isAlike = `lt(abs(dar*${height / width}-1),max(0.03,${4 / Math.min(width, height)}))`
  const across = `if(${isAlike},${width},min(${width},max(2,2*round(${height}*dar/2))))`
  const down = `if(${isAlike},${height},min(${height},max(2,2*round(${width}/dar/2))))`
  return `scale=w='${across}':h='${down}'${colours}`
}
