import { thumbHashToRGBA } from 'thumbhash'

/** Draws a ThumbHash into a canvas. A page may forbid images with data addresses, but not this. */
export function drawPlaceholder(canvas: HTMLCanvasElement, placeholder: string): void {
  try {
    const bytes = Uint8Array.from(atob(placeholder), (letter) => letter.charCodeAt(0))
    const { w, h, rgba } = thumbHashToRGBA(bytes)
    canvas.width = w
    canvas.height = h
    canvas.getContext('2d')?.putImageData(new ImageData(new Uint8ClampedArray(rgba), w, h), 0, 0)
  } catch {
    // A broken placeholder is not shown.
    canvas.hidden = true
  }
}
