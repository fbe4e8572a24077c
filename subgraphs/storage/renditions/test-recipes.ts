import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { makeClip } from '../test-clips.ts'

/** How a medium is made for a test, and what must come of it. */
export type Recipe = {
  /** Also the name of its file. */
  name: string
  args: string[]
  /** How long it plays. */
  seconds: number
  picture: {
    /** As it is shown. */
    width: number
    height: number
    /** The source of ffmpeg's that its pictures are of, and what is done to them before they are shown. */
    source: string
    filter?: string
    /** Which of the source's pictures is shown first, in seconds from its beginning. */
    startsAt?: number
  } | null
  hasSound: boolean
  /** Its colours become others, so that pictures can be compared by their pattern alone. */
  isToneMapped?: boolean
  /** How much of its beginning an edit list hides. */
  hidden?: number
  /** What is done to the bytes afterwards, which ffmpeg can't. */
  change?(bytes: Buffer): Buffer
  /** Several media, one after the other. */
  parts?: Recipe[]
  /** Whether they are joined as bytes, not by their container's rules. */
  isBytewise?: boolean
}

/** A recipe for several media that are joined. */
export function concatMaker({
  name,
  parts,
  isBytewise,
}: {
  name: string
  parts: Recipe[]
  isBytewise: boolean
}): Recipe {
  const [first] = parts
  if (!first) throw new Error('nothing to join')
  const seconds = parts.reduce((sum, part) => sum + part.seconds, 0)
  return { ...first, name, parts, isBytewise, seconds }
}

/** Makes the medium of a recipe. */
export async function makeMedium(recipe: Recipe, folder: string): Promise<Buffer> {
  const file = path.join(folder, recipe.name.replaceAll(/[^\w.]+/g, '-'))
  try {
    if (recipe.parts) await join(recipe.parts, file, recipe.isBytewise === true)
    else if (recipe.hidden) await hideBeginning(recipe, file, recipe.hidden)
    else await makeClip(recipe.args, file)
    const bytes = await readFile(file)
    return recipe.change ? recipe.change(bytes) : bytes
  } finally {
    await rm(file, { force: true })
  }
}

async function join(parts: readonly Recipe[], target: string, isBytewise: boolean): Promise<void> {
  const files = parts.map((_part, index) => `${target}.${index}${path.extname(target)}`)
  for (const [index, part] of parts.entries()) await makeClip(part.args, files[index] ?? '')
  if (isBytewise) {
    await writeFile(target, Buffer.concat(await Promise.all(files.map((file) => readFile(file)))))
  } else {
    const list = `${target}.txt`
    await writeFile(list, files.map((file) => `file '${file}'\n`).join(''))
    await makeClip(['-f', 'concat', '-safe', '0', '-i', list, '-c', 'copy'], target)
    await rm(list)
  }
  for (const file of files) await rm(file)
}

// Copying from a moment between keyframes writes an edit list that hides what comes before it.
async function hideBeginning({ args }: Recipe, target: string, seconds: number): Promise<void> {
  const whole = `${target}.whole${path.extname(target)}`
  await makeClip(args, whole)
  await makeClip(['-ss', `${seconds}`, '-i', whole, '-map', '0', '-c', 'copy'], target)
  await rm(whole)
}
