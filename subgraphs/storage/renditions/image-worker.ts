import { rename } from 'node:fs/promises'
import sharp from 'sharp'
import { z } from 'zod'

// Run as a process of its own, since decoders of pictures are not to be trusted with this one's memory. The arguments
// are the picture, how many pixels it may have, and pairs of a file to be made and the longest side that it may have.
const [file = '', pixels = '', ...pairs] = process.argv.slice(2)
const limitInputPixels = z.coerce.number().int().positive().parse(pixels)

sharp.concurrency(1)
const made = []
for (let index = 0; index + 1 < pairs.length; index += 2) {
  const target = pairs[index] ?? ''
  const side = z.coerce
    .number()
    .int()
    .positive()
    .parse(pairs[index + 1])
  const { width, height } = await sharp(file, { limitInputPixels, failOn: 'none' })
    .rotate()
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .jpeg({ quality: 82, mozjpeg: false })
    .toFile(`${target}.draft`)
  await rename(`${target}.draft`, target)
  made.push({ width, height })
}
process.stdout.write(JSON.stringify(made))
