/** A stored file that is open for reading. */
export type StoredFile = {
  /** In bytes. */
  size: number
  /** Fills as much of the buffer as there is from a position on; answers how many bytes that were. */
  read(buffer: Uint8Array, position: number): Promise<number>
  close(): Promise<void>
}

/**
 * Where finished media are kept: one folder per medium, a few files in it. The port knows nothing of media; adapters
 * exist per technology.
 */
export type ObjectStore = {
  /**
   * Keeps a copy of a local file, durably once it resolves. The local file stays as it is, so that whoever was cut off
   * in the middle can do all again.
   */
  put(folder: string, name: string, file: string): Promise<void>
  /** Opens a stored file; null where there is none. */
  open(folder: string, name: string): Promise<StoredFile | null>
  /** Where a stored file is on this machine's disk, for programs that only read it; a store elsewhere has none. */
  localPath?(folder: string, name: string): string
  /** Removes a folder with all its files; removing what is not there is no error. */
  remove(folder: string): Promise<void>
  /** All folders with the instant at which each was last written to, in no particular order. */
  list(): AsyncIterable<{ folder: string; writtenAt: Date }>
  /** How many bytes can still be written. */
  freeBytes(): Promise<number>
  /** @throws Error where nothing can be written */
  check(): Promise<void>
}
