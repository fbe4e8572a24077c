import type { Quarantine } from './quarantine.ts'

/** A stored file that is open for reading. */
export type StoredFile = {
  /** In bytes. */
  size: number
  /** Fills as much of the buffer as there is from a position on; answers how many bytes that were. */
  read(buffer: Uint8Array, position: number): Promise<number>
  /** The bytes from one position to another as they come, where asking for each part would take too long. */
  stream?(first: number, last: number, signal: AbortSignal): AsyncIterable<Uint8Array>
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
  /**
   * Removes a folder with all its files, or only the files whose names are chosen; removing what is not there is no
   * error.
   */
  remove(folder: string, isChosen?: (name: string) => boolean): Promise<void>
  /** All folders with the instant at which each was last written to, in no particular order. */
  list(): AsyncIterable<{ folder: string; writtenAt: Date }>
  /** Folders that belong to nothing known; `list` does not show them. */
  quarantine: Quarantine
  /** How many bytes can still be written, as far as the store itself has a limit. */
  freeBytes(): Promise<number>
  /** @throws Error where nothing can be written */
  check(): Promise<void>
  /**
   * An address where whoever knows it gets a stored file for a short time, without this service's passing it on; a
   * store that is not to be reached from outside has none.
   */
  address?(folder: string, name: string, sentAs: { mimeType: string; disposition: string }): Promise<string>
  /** Lets go of connections. */
  close?(): void
}
