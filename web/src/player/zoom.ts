/** How a photo is shown: its scale, and how far its centre is moved, in pixels. */
export type View = { scale: number; x: number; y: number }

export const WHOLE: View = { scale: 1, x: 0, y: 0 }

const MOST = 6

/** Zooms by a factor around a point, which stays where it is. Points are relative to the centre of the frame. */
export function zoomAt(view: View, factor: number, point: { x: number; y: number }): View {
  const scale = Math.min(MOST, Math.max(1, view.scale * factor))
  const by = scale / view.scale
  return { scale, x: point.x - (point.x - view.x) * by, y: point.y - (point.y - view.y) * by }
}

type Size = { width: number; height: number }

/**
 * Keeps the photo in its frame, in which it is shown whole at first: no edge comes further inside than there is room beside
 * it. A side that fits into the frame stays in the middle.
 */
export function keepInside(view: View, frame: Size, photo: Size): View {
  const fit = Math.min(frame.width / photo.width, frame.height / photo.height)
  const limit = (value: number, room: number, size: number) => {
    const most = Math.max(0, (size * fit * view.scale - room) / 2)
    return Math.min(most, Math.max(-most, value))
  }
  return {
    scale: view.scale,
    x: limit(view.x, frame.width, photo.width),
    y: limit(view.y, frame.height, photo.height),
  }
}

/** What a movement that has ended means: the next or the previous photo, closing, or nothing. */
export function swipeOf(dx: number, dy: number, ms: number): 'LEFT' | 'RIGHT' | 'CLOSE' | null {
  const isFast = ms < 350
  const [across, down] = [Math.abs(dx), Math.abs(dy)]
  if (across > down && across > (isFast ? 30 : 90)) return dx < 0 ? 'LEFT' : 'RIGHT'
  if (down > across && down > (isFast ? 60 : 140)) return 'CLOSE'
  return null
}
