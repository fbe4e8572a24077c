import type { Quarantine } from './quarantine.ts'
import type { OnSkipped } from './skipped-entries.ts'

/** A stored file that is open for reading. */
export type StoredFile = {
  /** The size in bytes. */
  size: number
  /** Reads from a position into the buffer, as far as there are bytes; returns the number of bytes read. */
  read(buffer: Uint8Array, position: number): Promise<number>
  /**
   * Streams the bytes between two positions (both included). Present if a separate request per part would take too
   * long.
   */
  stream?(first: number, last: number, signal: AbortSignal): AsyncIterable<Uint8Array>
  close(): Promise<void>
}

/**
 * Stores finished media: one folder per media file, with a few files in it. The port knows nothing about media; there
 * is one adapter per technology.
 */
export type ObjectStore = {
  /**
   * Stores a copy of a local file; it is durable once the promise resolves. The local file stays unchanged, so that an
   * interrupted caller can repeat everything.
   *
   * @throws NotAnOutput if it is not a regular file
   * @throws ForeignEntry if others have put something into its place
   */
  put(folder: string, name: string, file: string): Promise<void>
  /**
   * Opens a stored file; null if it does not exist.
   *
   * @throws Error if others have put something into its place
   */
  open(folder: string, name: string): Promise<StoredFile | null>
  /** The path of a stored file on this machine's disk, for programs that only read it; absent for a store elsewhere. */
  localPath?(folder: string, name: string): string
  /**
   * Removes a folder with all its files, or only the files that `isChosen` selects. Removing a missing folder or file
   * is not an error. What others have put into the folder stays, and the folder with it.
   */
  remove(folder: string, isChosen?: (name: string) => boolean): Promise<void>
  /**
   * All folders of media with the time of the last write to each, in no particular order. What others have put into
   * the store is left out.
   *
   * @param onSkipped called with what is left out although it has a name that this store uses
   */
  list(onSkipped?: OnSkipped): AsyncIterable<{ folder: string; writtenAt: Date }>
  /** @throws ForeignEntry if others have put something into a folder */
  requireOnlyFiles(folder: string): Promise<void>
  /** Folders that the database does not know; `list` does not include them. */
  quarantine: Quarantine
  /** How many more bytes can be written, as far as the store itself has a limit. */
  freeBytes(): Promise<number>
  /** @throws Error if nothing can be written */
  check(): Promise<void>
  /**
   * An address at which anyone who knows it can fetch a stored file for a short time, without going through this
   * service. Absent if the store cannot be reached from outside.
   */
  address?(folder: string, name: string, sentAs: { mimeType: string; disposition: string }): Promise<string>
  /** Closes connections. */
  close?(): void
}

/** A technology that can store objects, with its own settings. */
export type StoreKind<Config> = {
  /** How messages name it. */
  name: string
  /**
   * Returns the function that opens the store; null if its settings are not set.
   *
   * @throws ConfigError if the settings are incomplete
   */
  choose(config: Config): (() => Promise<ObjectStore>) | null
  /** How many bytes may be stored in it; undefined if only the store itself limits that. */
  budget(config: Config): number | undefined
}
