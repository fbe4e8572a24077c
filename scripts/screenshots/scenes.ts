import { setTimeout as sleep } from 'node:timers/promises'
import { scenePicture } from '../seed/pictures.ts'
import type { Phone, Scheme } from './phone.ts'
import { postWith, type Viewer } from './viewer.ts'

/** A picture of the client: its file name, and how to get to what it shows. */
export type Scene = {
  name: string
  scheme: Scheme
  show(phone: Phone, viewer: Viewer): Promise<void>
}

/** The pictures, in the order in which the README shows them. */
export const SCENES: readonly Scene[] = [
  { name: 'home-light', scheme: 'light', show: (phone) => phone.open('#/') },
  {
    name: 'moblog',
    scheme: 'light',
    async show(phone, viewer) {
      const { author } = await postWith(viewer, 'last train home')
      await phone.open(`#/moblog/${author?.id}`)
    },
  },
  {
    name: 'post',
    scheme: 'light',
    async show(phone, viewer) {
      await phone.open(`#/post/${(await postWith(viewer, '今天在湖边散步')).id}`)
      // The comments are below the media.
      await phone.untilComplete()
      await phone.page.evaluate('scrollTo(0, document.documentElement.scrollHeight)')
    },
  },
  { name: 'composer', scheme: 'light', show: compose },
  { name: 'player', scheme: 'dark', show: playFilm },
  { name: 'home-dark', scheme: 'dark', show: (phone) => phone.open('#/') },
]

async function compose({ open, page }: Phone, { client }: Viewer): Promise<void> {
  await client.ask('create-audience-list', { input: { name: 'Close friends' } })
  await open('#/write')
  await page.getByRole('textbox', { name: 'Text of the post' }).fill('Fog over the lake this morning.')
  const { name, mimeType, bytes } = await scenePicture('morning')
  await page
    .locator('input[type=file]')
    .last()
    .setInputFiles([{ name, mimeType, buffer: bytes }])
  await page.getByText('Uploaded').first().waitFor()
  await page.getByRole('textbox', { name: /^Description/ }).fill('A lake in the fog, with a boat.')
  await page.getByRole('radio', { name: 'Only a list' }).check()
  await page.getByRole('combobox', { name: 'List' }).selectOption({ label: 'Close friends' })
  await page.evaluate('scrollTo(0, 0)')
}

async function playFilm({ open, page, untilComplete }: Phone, viewer: Viewer): Promise<void> {
  await open(`#/post/${(await postWith(viewer, 'Slowly zooming')).id}`)
  await untilComplete()
  const player = page.locator('moblog-player')
  await player.getByRole('button', { name: /^Play/ }).first().click()
  const isPlaying = (shown: { currentTime: number }) => shown.currentTime > 2
  for (let waits = 0; waits < 150 && !(await player.evaluate(isPlaying)); waits += 1) await sleep(100)
  await player.evaluate((shown: { pause(): void }) => shown.pause())
}
