import sharp from 'sharp'
import { fileOf, type MediaFile } from '../client/media-file.ts'

/** A landscape that is drawn, so that the sample world needs no photos of others. */
export type Scene = {
  width: number
  height: number
  /** Colours of the sky from top to bottom. */
  sky: readonly [string, string, string]
  /** The colour of the nearest hill; those behind it are paler. */
  hill: string
  sun: string
  /** Changes the shape of the hills. */
  seed: number
}

/** The scenes that the sample users post. */
export const SCENES = {
  lake: {
    width: 1600,
    height: 1200,
    sky: ['#f7c59f', '#f2a07b', '#e06d5a'],
    hill: '#3b3a5a',
    sun: '#fff3d6',
    seed: 3,
  },
  morning: {
    width: 1600,
    height: 1000,
    sky: ['#bfe3f5', '#e6f3f0', '#fdf1dc'],
    hill: '#2f6f62',
    sun: '#ffe9a8',
    seed: 11,
  },
  night: {
    width: 1200,
    height: 1600,
    sky: ['#0e1430', '#27315f', '#5c4a86'],
    hill: '#0a0d1d',
    sun: '#f4f0dc',
    seed: 7,
  },
  desert: {
    width: 1200,
    height: 1200,
    sky: ['#f9dcc4', '#f8b88b', '#e98a5b'],
    hill: '#8c3b24',
    sun: '#fff6e3',
    seed: 19,
  },
  dusk: {
    width: 2560,
    height: 1440,
    sky: ['#2b2e5f', '#a0527f', '#f6a56b'],
    hill: '#1c1b3a',
    sun: '#ffe3b0',
    seed: 31,
  },
  wide: {
    width: 2400,
    height: 1000,
    sky: ['#dbeafe', '#c7d2fe', '#fbcfe8'],
    hill: '#4c3a73',
    sun: '#fff7ed',
    seed: 23,
  },
  tall: {
    width: 1080,
    height: 1920,
    sky: ['#d9f2e6', '#9fd8cb', '#5aa9a0'],
    hill: '#12403f',
    sun: '#fdf6d8',
    seed: 29,
  },
} as const satisfies Record<string, Scene>

/** Draws a scene as a JPEG file. */
export async function scenePicture(name: keyof typeof SCENES): Promise<MediaFile> {
  const bytes = await sharp(Buffer.from(svgOf(SCENES[name])))
    .jpeg({ quality: 86 })
    .toBuffer()
  return fileOf(`${name}.jpg`, 'image/jpeg', bytes)
}

/** Draws a face as a PNG file, for a profile picture. */
export async function facePicture(
  name: string,
  [back, skin, hair]: readonly [string, string, string],
): Promise<MediaFile> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512" viewBox="0 0 64 64"><rect width="64" height="64" fill="${back}"/><path d="M8 64c2-14 12-20 24-20s22 6 24 20Z" fill="${hair}" opacity=".85"/><path d="M16 30c0-12 7-18 16-18s16 6 16 18v12H16Z" fill="${hair}"/><rect x="27" y="36" width="10" height="13" rx="5" fill="${skin}"/><ellipse cx="32" cy="30" rx="11" ry="13" fill="${skin}"/><path d="M20 28c1-9 6-13 12-13s11 4 12 13c-4-1-8-4-9-7-3 4-9 7-15 7Z" fill="${hair}"/><circle cx="27.5" cy="31" r="1.3" fill="#2b1d16"/><circle cx="36.5" cy="31" r="1.3" fill="#2b1d16"/><path d="M28 36.5c2.5 2 5.5 2 8 0" stroke="#8c3b2e" stroke-width="1.3" fill="none" stroke-linecap="round"/></svg>`
  return fileOf(`${name}.png`, 'image/png', await sharp(Buffer.from(svg)).png().toBuffer())
}

function svgOf({ width, height, sky, hill, sun, seed }: Scene): string {
  const hills = [0.58, 0.68, 0.8].map((level, index) => {
    const opacity = 0.35 + index * 0.3
    return `<path d="${ridge(width, height, level, seed + index * 5)}" fill="${hill}" opacity="${opacity}"/>`
  })
  const radius = Math.min(width, height) * 0.09
  const stops = sky.map((colour, index) => `<stop offset="${index / 2}" stop-color="${colour}"/>`)
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">${stops.join('')}</linearGradient><radialGradient id="glow"><stop offset="0" stop-color="${sun}" stop-opacity=".9"/><stop offset="1" stop-color="${sun}" stop-opacity="0"/></radialGradient></defs><rect width="100%" height="100%" fill="url(#sky)"/><circle cx="${width * 0.68}" cy="${height * 0.34}" r="${radius * 3.2}" fill="url(#glow)"/><circle cx="${width * 0.68}" cy="${height * 0.34}" r="${radius}" fill="${sun}"/>${hills.join('')}</svg>`
}

/** The line of a mountain ridge across the picture. */
function ridge(width: number, height: number, level: number, seed: number): string {
  const points = Array.from({ length: 41 }, (_, index) => {
    const x = index / 40
    const wave =
      Math.sin(x * 5 + seed) * 0.05 +
      Math.sin(x * 13 + seed * 2.3) * 0.025 +
      Math.sin(x * 31 + seed * 4.1) * 0.008
    return `${(x * width).toFixed(1)} ${((level + wave) * height).toFixed(1)}`
  })
  return `M0 ${height}L${points.join('L')}L${width} ${height}Z`
}
