/** Bytes to send. The size is null as long as they are still being recorded. */
export type ByteSource = {
  readonly size: number | null
  /** Whether the upload may have been requested before the size was known. The size is then sent with the last bytes. */
  readonly isOpenEnded: boolean
  /** Resolves when the size is known. */
  whenWhole(): Promise<void>
  /**
   * Reads from a position. It waits for more bytes of a recording that goes on, and may return fewer than asked for.
   * `done` says that nothing follows; `value` is null if there is nothing at all.
   */
  slice(start: number, end: number): Promise<{ value: Blob | null; done: boolean }>
}

/** The bytes of a file. */
export function fileSource(file: Blob): ByteSource {
  return {
    size: file.size,
    isOpenEnded: false,
    whenWhole: async () => {},
    async slice(start, end) {
      const done = end >= file.size
      return { value: start < file.size ? file.slice(start, Math.min(end, file.size)) : null, done }
    },
  }
}

/** How much of a file is read to see whether it can be. */
const PROBE_BYTES = 64 * 1024

/**
 * Whether the bytes at a position can be read. A file that was changed, moved or deleted after it was chosen cannot be, which
 * looks like a broken connection when the browser sends it.
 */
export async function canBeRead(source: ByteSource, position: number): Promise<boolean> {
  try {
    const { value } = await source.slice(position, position + PROBE_BYTES)
    await value?.arrayBuffer()
    return true
  } catch {
    return false
  }
}
