import { createHash } from 'node:crypto'
import type { ObjectStore, StoredFile } from './object-store.ts'

/** A file that should be stored. Values that are null are not known, and are not checked. */
export type Expected = { folder: string; name: string; sha256: string | null; byteSize: number | null }

/** The progress of a check; `bytes` counts those of files whose digest was compared. */
export type CheckProgress = { files: number; bytes: number; problems: number }

const CHUNK_BYTES = 1024 ** 2

/**
 * Reads every stored file and compares it with its known digest and size.
 *
 * @param onProblem called for each file that differs
 * @param onProgress called after each file
 */
export async function checkObjects(
  objects: ObjectStore,
  expected: AsyncIterable<Expected>,
  onProblem: (file: Expected, problem: string) => void,
  onProgress: (progress: CheckProgress) => void,
): Promise<CheckProgress> {
  const progress = { files: 0, bytes: 0, problems: 0 }
  for await (const file of expected) {
    const problem = await examine(objects, file)
    progress.files++
    progress.bytes += file.sha256 === null ? 0 : (file.byteSize ?? 0)
    if (problem) {
      progress.problems++
      onProblem(file, problem)
    }
    onProgress(progress)
  }
  return progress
}

async function examine(objects: ObjectStore, expected: Expected): Promise<string | null> {
  const { folder, name, sha256, byteSize } = expected
  try {
    const file = await objects.open(folder, name)
    if (!file) return 'is missing'
    try {
      if (byteSize !== null && file.size !== byteSize) return `has ${file.size} bytes instead of ${byteSize}`
      if (sha256 === null) return null
      const actual = await digest(file)
      return actual === sha256 ? null : `has the SHA-256 ${actual} instead of ${sha256}`
    } finally {
      await file.close()
    }
  } catch (error) {
    return `cannot be read: ${error instanceof Error ? error.message : error}`
  }
}

async function digest(file: StoredFile): Promise<string> {
  const hash = createHash('sha256')
  if (file.stream) {
    for await (const chunk of file.stream(0, file.size - 1, new AbortController().signal)) hash.update(chunk)
    return hash.digest('hex')
  }
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES)
  for (let position = 0; position < file.size; ) {
    const length = await file.read(buffer, position)
    if (length === 0) break
    hash.update(buffer.subarray(0, length))
    position += length
  }
  return hash.digest('hex')
}
