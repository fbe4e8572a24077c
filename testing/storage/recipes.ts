import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { makeClip } from './clips.ts'

/** How to make a media file for a test, and what the renditions must be like. */
export type Recipe = {
  /** Also the name of the file. */
  name: string
  args: string[]
  /** The expected playing time in seconds. */
  seconds: number
  picture: {
    /** The displayed size. */
    width: number
    height: number
    /** The ffmpeg source of the pictures, and the filter applied before they are shown. */
    source: string
    filter?: string
    /** The position in the source of the first picture that is shown, in seconds. */
    startsAt?: number
  } | null
  hasSound: boolean
  /** Whether the colours change, so that only the patterns of pictures can be compared. */
  isToneMapped?: boolean
  /** The duration at the start that an edit list hides, in seconds. */
  hidden?: number
  /** Changes the bytes in a way that ffmpeg cannot. */
  change?(bytes: Buffer): Buffer
  /** Several media files to join. */
  parts?: Recipe[]
  /** Whether they are joined as bytes and not by the container's rules. */
  isBytewise?: boolean
}

/** Creates a recipe that joins several media files. */
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
  if (!first) throw new Error('a joined recipe needs at least one part')
  const seconds = parts.reduce((sum, part) => sum + part.seconds, 0)
  return { ...first, name, parts, isBytewise, seconds }
}

/** Makes the media file of a recipe. */
export async function makeMedia(recipe: Recipe, folder: string): Promise<Buffer> {
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

// Copying from a position between keyframes writes an edit list that hides everything before it.
async function hideBeginning({ args }: Recipe, target: string, seconds: number): Promise<void> {
  const uncut = `${target}.uncut${path.extname(target)}`
  await makeClip(args, uncut)
  await makeClip(['-ss', `${seconds}`, '-i', uncut, '-map', '0', '-c', 'copy'], target)
  await rm(uncut)
}
