/** The resource limits of a child process. */
export type Limits = {
  wallClockMs: number
  cpuSeconds: number
  /** The memory that it may write to. */
  memoryBytes: number
  /** The address space that it may reserve; twice `memoryBytes` by default. */
  addressBytes?: number
  /** The largest file that it may write. All files together may take twice as much, and at least 16 MiB. */
  writtenBytes: number
  /** How many files its work folder may hold; 1000 by default. */
  writtenFiles?: number
}
