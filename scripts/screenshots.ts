/**
 * Takes the pictures of the web client for the README: `npm run screenshots`. It starts a temporary product with the sample
 * world, opens the client in Chromium on a small screen, and writes WebP files into docs/pictures. Chinese text needs a
 * font on this machine, such as the Debian package fonts-noto-cjk.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { chromium } from 'playwright-core'
import sharp from 'sharp'
import { projectRoot } from './prisma-environment.ts'
import { createPhone } from './screenshots/phone.ts'
import { SCENES } from './screenshots/scenes.ts'
import { signInAsSample, untilMediaAreReady } from './screenshots/viewer.ts'
import { createSampleWorld } from './seed/sample-world.ts'
import { startTemporaryProduct } from './temporary-product.ts'

const FOLDER = path.join(projectRoot, 'docs/pictures')
const MOST_BYTES = 150 * 1024
const QUALITIES = [86, 78, 70, 60, 50, 40]

/** Compresses a picture as little as its largest size allows. */
async function compressed(picture: Buffer): Promise<Buffer> {
  for (const quality of QUALITIES) {
    const bytes = await sharp(picture).webp({ quality, effort: 6 }).toBuffer()
    if (bytes.length < MOST_BYTES) return bytes
  }
  throw new Error(`The picture has more than ${MOST_BYTES} bytes in every quality.`)
}

// The script asks more than a user does.
const product = await startTemporaryProduct({ GATEWAY_COST_PER_MINUTE: '0' })
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--autoplay-policy=no-user-gesture-required'],
})
try {
  const accounts = await createSampleWorld(`${product.origin}/graphql`, (line) => console.log(line))
  const viewer = await signInAsSample(product.origin, accounts)
  console.log('Media …')
  await untilMediaAreReady(viewer)
  await mkdir(FOLDER, { recursive: true })
  for (const { name, scheme, show } of SCENES) {
    const phone = await createPhone(browser, product.origin, viewer, scheme)
    await show(phone, viewer)
    await phone.untilComplete()
    const picture = await compressed(await phone.page.screenshot())
    await writeFile(path.join(FOLDER, `${name}.webp`), picture)
    console.log(`docs/pictures/${name}.webp: ${Math.round(picture.length / 1024)} KB`)
    await phone.close()
  }
} finally {
  await browser.close()
  await product.close()
}
