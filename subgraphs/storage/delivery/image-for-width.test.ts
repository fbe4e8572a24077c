import fc from 'fast-check'
import { imageForWidth, sizedImages } from './image-for-width.ts'

const image = (objectName: string, width: number | null) => ({
  objectName,
  width,
  mimeType: 'image/jpeg',
  byteSize: 1,
})

describe('the image for a width', () => {
  it('is the smallest that is at least this wide, or else the widest', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 0, max: 99_999 }),
        (widths, width) => {
          const chosen = imageForWidth(
            widths.map((each) => image(`${each}`, each)),
            width,
          )
          const wideEnough = widths.filter((each) => each >= width)
          expect(chosen?.width).toBe(wideEnough.length > 0 ? Math.min(...wideEnough) : Math.max(...widths))
        },
      ),
    )
  })

  it('may be an image of unknown width, and is null if there is none', () => {
    expect(imageForWidth([image('poster', null)], 640)).toEqual(image('poster', null))
    expect(imageForWidth([], 640)).toBeNull()
  })

  it('is never the original, and only the poster of audio and video', () => {
    const role = (name: 'POSTER' | 'PROGRESSIVE' | 'SHARED', objectName: string) => ({
      ...image(objectName, 100),
      role: name,
      height: 100,
    })
    const made = [role('POSTER', 'poster'), role('PROGRESSIVE', 'progressive'), role('SHARED', 'original')]
    const display = [{ objectName: 'display-640', byteSize: 1, width: 640, height: 480 }]
    const names = (...args: Parameters<typeof sizedImages>) =>
      sizedImages(...args).map(({ objectName }) => objectName)
    expect(names('IMAGE', made, display)).toEqual(['poster', 'progressive', 'display-640'])
    expect(names('IMAGE', [role('PROGRESSIVE', 'original')], [])).toEqual([])
    expect(names('VIDEO', made, [])).toEqual(['poster'])
  })
})
