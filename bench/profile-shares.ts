/** What `node --cpu-prof` writes: a tree of calls, and which of its nodes ran at each sample. Times in microseconds. */
export type CpuProfile = {
  nodes: { id: number; callFrame: { functionName: string; url: string } }[]
  startTime: number
  samples: number[]
  timeDeltas: number[]
}

/** The time of the samples that were not idle, and how it is shared. */
export type Shares = { busyMs: number; parts: { name: string; share: number }[] }

// The first that matches names the part.
const parts: [name: string, isPart: (place: { url: string; functionName: string }) => boolean][] = [
  ['garbage collection', ({ functionName }) => functionName === '(garbage collector)'],
  [
    'writing to sockets',
    ({ functionName }) => /^(writev?|writeUtf8String|writeLatin1String|writeBuffer)$/.test(functionName),
  ],
  ['functions of Node and V8 that are not in a file', ({ url }) => url === ''],
  ["Node's own modules (HTTP, streams, timers, async contexts)", ({ url }) => url.startsWith('node:')],
  ['driver of PostgreSQL', ({ url }) => /node_modules\/(pg|pg-[a-z]+|postgres-[a-z]+)\//.test(url)],
  ['Prisma client', ({ url }) => /node_modules\/@?prisma|generated\/prisma/.test(url)],
  ['@apollo/* and federation', ({ url }) => url.includes('node_modules/@apollo/')],
  [
    'graphql, graphql-jit and what graphql-jit compiles',
    ({ url }) => /node_modules\/graphql|^evalmachine/.test(url),
  ],
  ['other packages', ({ url }) => url.includes('node_modules/')],
  ['gateway', ({ url }) => url.includes('/gateway/')],
  ['platform', ({ url }) => url.includes('/platform/')],
  ['communication', ({ url }) => url.includes('/subgraphs/communication/')],
  ['storage', ({ url }) => url.includes('/subgraphs/storage/')],
  ['blog', ({ url }) => url.includes('/subgraphs/blog/')],
  ['everything else', () => true],
]

/** Adds up the samples between two instants of the monotonic clock, in microseconds. */
export function shares(profile: CpuProfile, from: number, to: number): Shares {
  const nodes = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]))
  const sums = new Map<string, number>()
  let at = profile.startTime
  let busy = 0
  for (const [index, id] of profile.samples.entries()) {
    const spent = profile.timeDeltas[index] ?? 0
    at += spent
    const place = nodes.get(id)
    if (at < from || at > to || !place || /^\((idle|program)\)$/.test(place.functionName)) continue
    const name = parts.find(([, isPart]) => isPart(place))?.[0] ?? ''
    sums.set(name, (sums.get(name) ?? 0) + spent)
    busy += spent
  }
  const sorted = [...sums].toSorted(([, one], [, other]) => other - one)
  return { busyMs: busy / 1000, parts: sorted.map(([name, sum]) => ({ name, share: sum / busy })) }
}
