/** The bytes of a recording that goes on. They can be read from any position, while more are added at the end. */
export type GrowingRecording = {
  /** Null as long as the recording goes on. */
  readonly size: number | null
  /** Always: an upload may begin before the recording has ended. */
  readonly isOpenEnded: true
  readonly type: string
  add(chunk: Blob): void
  /** Resolves when the recording has ended. */
  whenWhole(): Promise<void>
  /** Nothing more is added. */
  end(): void
  /** Reads up to `end` bytes, but waits until something is there or the recording has ended. */
  slice(start: number, end: number): Promise<{ value: Blob | null; done: boolean }>
  /** Everything recorded so far, as a file. */
  blob(): Blob
}

/** Smaller parts are not worth a request, unless nothing follows. */
const WORTH_SENDING = 32 * 1024

export function createGrowingRecording(type: string, worthSending = WORTH_SENDING): GrowingRecording {
  let whole = new Blob([], { type })
  let hasEnded = false
  let waiting: (() => void)[] = []
  const tell = () => {
    const woken = waiting
    waiting = []
    for (const wake of woken) wake()
  }
  return {
    get size() {
      return hasEnded ? whole.size : null
    },
    isOpenEnded: true,
    type,
    add(chunk) {
      if (hasEnded || chunk.size === 0) return
      // A blob refers to its parts and copies nothing.
      whole = new Blob([whole, chunk], { type })
      tell()
    },
    end() {
      hasEnded = true
      tell()
    },
    async whenWhole() {
      while (!hasEnded) await new Promise<void>((resolve) => waiting.push(resolve))
    },
    async slice(start, end) {
      while (!hasEnded && whole.size - start < Math.min(worthSending, end - start)) {
        await new Promise<void>((resolve) => waiting.push(resolve))
      }
      const to = Math.min(end, whole.size)
      return { value: to > start ? whole.slice(start, to, type) : null, done: hasEnded && to >= whole.size }
    },
    blob: () => whole,
  }
}
