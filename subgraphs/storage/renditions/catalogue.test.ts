import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { newId } from '../../../platform/ids.ts'
import { catalogue, SAMPLE } from '../../../testing/storage/catalogue.ts'
import { findFaults } from '../../../testing/storage/checker.ts'
import { makeMedia, type Recipe } from '../../../testing/storage/recipes.ts'
import { get, settled, upload } from '../../../testing/storage/renditions.ts'
import { startTestStorage, type TestStorage } from '../../../testing/storage/storage.ts'

const IS_BIG = process.env.MOBLOG_TEST_BIG === '1'
const AT_ONCE = 4
const WITHIN_MS = 120_000

let storage: TestStorage
let folder: string
const owner = newId()
const friend = newId()

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'moblog-catalogue-'))
  storage = await startTestStorage({ STORAGE_WORKERS: '2' })
})

afterAll(async () => {
  await storage.stop()
  await rm(folder, { recursive: true, force: true })
})

/** Uploads a recipe's media file and checks everything that a friend gets of it. */
async function faultsOf(recipe: Recipe, bytes: Buffer): Promise<string[]> {
  const type = recipe.picture ? 'video/mp4' : 'audio/mpeg'
  const { session, mediaId } = await upload(storage, owner, bytes, type)
  if (session.state !== 'COMPLETED') return [`the upload is ${session.state}: ${session.failure?.message}`]
  const media = await settled(storage, owner, mediaId, WITHIN_MS)
  if (media.state !== 'READY') return [`the media is ${media.state}: ${media.failure?.message}`]
  const ids = { ownerId: owner, viewerId: friend, mediaId }
  const faults = await findFaults(
    recipe,
    async (name) => {
      const { response, bytes: variant } = await get(storage, ids, name)
      return { status: response.status, bytes: variant }
    },
    folder,
  )
  const isDurationRight = Math.abs(media.durationSeconds - recipe.seconds) <= 0.35
  return isDurationRight ? faults : [`the stated duration is ${media.durationSeconds} s`, ...faults]
}

describe('media of the catalogue', () => {
  const sample = catalogue().filter(({ name }) => SAMPLE.includes(name))

  it('have unique names, and include the sample', () => {
    expect(sample.map(({ name }) => name).sort()).toEqual([...SAMPLE].sort())
    expect(catalogue().length).toBeGreaterThan(300)
    expect(new Set(catalogue().map(({ name }) => name)).size).toBe(catalogue().length)
  })

  // Several files are uploaded at a time, as users do. All are created before the first is checked.
  it('have renditions with the duration, the tracks and the first picture of the original', async () => {
    expect(await faultsOfAll(sample)).toEqual({})
  }, 300_000)
})

if (IS_BIG) {
  it('the renditions of all media in the catalogue match the original, except for 2 in 100', async () => {
    const recipes = catalogue()
    const faults = await faultsOfAll(recipes)
    process.stderr.write(`${recipes.length} media, ${Object.keys(faults).length} with faults\n`)
    expect(Object.keys(faults).length).toBeLessThanOrEqual(recipes.length / 50)
  }, 10_800_000)
}

/** Returns the faults of all recipes that have any, by recipe name. */
async function faultsOfAll(recipes: readonly Recipe[]): Promise<Record<string, string[]>> {
  const faults: Record<string, string[]> = {}
  const waiting = [...recipes]
  const work = async () => {
    for (let recipe = waiting.shift(); recipe; recipe = waiting.shift()) {
      const found = await makeMedia(recipe, folder)
        .then((bytes) => faultsOf(recipe, bytes))
        .catch((error) => [String(error)])
      if (found.length > 0) {
        faults[recipe.name] = found
        process.stderr.write(`${recipe.name}: ${found.join('; ')}\n`)
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return faults
}
