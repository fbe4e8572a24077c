import fc from 'fast-check'
import { imageAddress } from './issued-access.ts'

describe('the address of an image', () => {
  it('names one of four widths: the smallest that is wide enough, or else the largest', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), (width) => {
        const chosen = Number(imageAddress({ imagesUrl: 'https://media.example' }, width)?.split('/').at(-1))
        const wideEnough = [320, 640, 1280, 2048].find((known) => known >= width)
        expect(chosen).toBe(wideEnough ?? 2048)
      }),
    )
  })

  it('is null while there are no images', () => {
    expect(imageAddress({ imagesUrl: null }, 320)).toBeNull()
  })
})
