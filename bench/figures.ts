import type { LoadResult } from './load-generator.ts'

/** What one variant did in one round. */
export type Sample = LoadResult & {
  /** Processor time per request of the serving processes, in milliseconds. */
  cpu: number
  /** The same of PostgreSQL. */
  postgresCpu: number
  /** MiB held by the serving processes at the end of the round. */
  resident: number
  /** Share of the machine's processor time that went to programs which have no part in this. */
  elsewhere: number
}

/** One line of the result: medians over the rounds. */
export type Figures = Omit<Sample, 'requests'> & {
  variant: string
  concurrency: number
  /** Requests per second as a multiple of the first variant's in the same round. */
  ratio: number
}

/** The median of each figure; ratios are taken within a round, where both had the same machine. */
export function summarize(
  variant: string,
  concurrency: number,
  samples: readonly Sample[],
  baseline: readonly Sample[],
): Figures {
  const of = (key: keyof Sample) => median(samples.map((sample) => sample[key]))
  return {
    variant,
    concurrency,
    perSecond: of('perSecond'),
    ratio: median(
      samples.map(({ perSecond }, round) => perSecond / (baseline[round]?.perSecond ?? Number.NaN)),
    ),
    p50: of('p50'),
    p99: of('p99'),
    failed: of('failed'),
    cpu: of('cpu'),
    postgresCpu: of('postgresCpu'),
    resident: of('resident'),
    elsewhere: of('elsewhere'),
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}

/** The figures as a table for a terminal. */
export function table(figures: readonly Figures[]): string {
  const head = [
    '',
    'at a time',
    'a second',
    'ratio',
    'p50 ms',
    'p99 ms',
    'failed',
    'CPU ms',
    '+ PostgreSQL',
    'MiB',
    'elsewhere',
  ]
  const rows = figures.map((line) => [
    line.variant,
    `${line.concurrency}`,
    line.perSecond.toFixed(0),
    line.ratio.toFixed(2),
    line.p50.toFixed(1),
    line.p99.toFixed(1),
    `${line.failed}`,
    line.cpu.toFixed(2),
    line.postgresCpu.toFixed(2),
    line.resident.toFixed(0),
    `${(line.elsewhere * 100).toFixed(0)} %`,
  ])
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  )
  const line = (row: string[]) =>
    row
      .map((cell, column) => (column ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[0] ?? 0)))
      .join('  ')
  return [head, ...rows].map(line).join('\n')
}

/** The same with four digits each, for JSON. */
export function rounded(figures: Figures): object {
  const short = Object.entries(figures).map(([name, value]) => [
    name,
    typeof value === 'number' ? Number(value.toPrecision(4)) : value,
  ])
  return Object.fromEntries(short)
}
