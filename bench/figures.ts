import type { LoadResult } from './load-generator.ts'

/** The measurements of one variant in one round. */
export type Sample = LoadResult & {
  /** Processor time per request of the serving processes, in milliseconds. */
  cpu: number
  /** Processor time of PostgreSQL per request, in milliseconds. */
  postgresCpu: number
  /** Resident memory of the serving processes at the end of the round, in MiB. */
  resident: number
  /** Share of the machine's processor time that other programs used, from 0 to 1. */
  elsewhere: number
}

/** One row of the table: the medians over all rounds. */
export type Figures = Omit<Sample, 'requests'> & {
  variant: string
  concurrency: number
  /** Requests per second as a multiple of the first variant's in the same round. */
  ratio: number
}

/** Computes the median of each figure. Ratios compare measurements of the same round, because other programs disturb rounds differently. */
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

/** Formats the figures as a table for a terminal. */
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

/** Rounds the figures to four digits, for the JSON output. */
export function rounded(figures: Figures): object {
  const short = Object.entries(figures).map(([name, value]) => [
    name,
    typeof value === 'number' ? Number(value.toPrecision(4)) : value,
  ])
  return Object.fromEntries(short)
}
