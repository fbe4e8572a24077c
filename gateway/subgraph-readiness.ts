/** Which subgraphs answer. */
export type SubgraphReadiness = {
  /** Returns the names of the subgraphs that are not ready, from a probe that is at most `cacheMs` old. */
  down(): Promise<readonly string[]>
  /**
   * Resolves if the gateway can serve requests.
   *
   * @throws Error if no subgraph is ready, or the session revocations have never been loaded
   */
  ready(): Promise<void>
}

/** The dependencies and options of `createSubgraphReadiness`. */
export type SubgraphReadinessOptions = {
  /** The address of each subgraph, without a path. */
  addresses: ReadonlyMap<string, string>
  /** Whether the session revocations have been loaded. Until then, no token is accepted. */
  knowsSessionRevocations(): Promise<boolean>
  /** How long a subgraph may take to answer, in milliseconds. */
  timeoutMs?: number
  /** How long the result of a probe is used, in milliseconds. Anyone can request `/readyz`. */
  cacheMs?: number
}

/** Creates the probe of the subgraphs that run in other processes. It asks for their `/readyz`, all at the same time. */
export function createSubgraphReadiness(options: SubgraphReadinessOptions): SubgraphReadiness {
  const { addresses, knowsSessionRevocations, timeoutMs = 1_500, cacheMs = 1_000 } = options
  let last: { at: number; down: Promise<readonly string[]> } | null = null

  const probe = async () => {
    const answers = await Promise.all(
      [...addresses].map(async ([name, address]) => ((await isReady(address, timeoutMs)) ? [] : [name])),
    )
    return answers.flat()
  }
  const down = () => {
    if (!last || performance.now() - last.at > cacheMs) last = { at: performance.now(), down: probe() }
    return last.down
  }
  return {
    down,
    async ready() {
      if ((await down()).length === addresses.size) throw new Error('no subgraph is ready')
      if (!(await knowsSessionRevocations())) throw new Error('the session revocations have not been loaded')
    },
  }
}

async function isReady(address: string, timeoutMs: number): Promise<boolean> {
  try {
    const response = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(timeoutMs) })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}
