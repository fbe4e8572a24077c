/**
 * The metrics facade. Modules declare their instruments with it, next to the code that they measure, and do not know the
 * library behind them. Until a backend is set, an instrument does nothing.
 */

/** The labels of a sample. All values must be from a small, fixed set. */
export type Labels<Name extends string> = Readonly<Record<Name, string>>

/** The name and the meaning of an instrument. */
export type Definition<Name extends string> = {
  /** In the conventions of Prometheus: with a unit, and with `_total` for a counter. */
  name: string
  help: string
  labels?: readonly Name[]
}

/** A value that is read when metrics are collected. */
export type Sample<Name extends string> = { labels: Labels<Name>; value: number }

/** A definition of a histogram; the buckets are upper bounds. */
export type HistogramDefinition<Name extends string> = Definition<Name> & { buckets: readonly number[] }

/** A definition of a gauge. */
export type GaugeDefinition<Name extends string> = Definition<Name> & {
  read(): readonly Sample<Name>[] | Promise<readonly Sample<Name>[]>
}

type Recorder = (labels: Labels<string>, value: number) => void

/** Holds the values of instruments; see `prometheus.ts`. */
export type Backend = {
  counter(definition: Definition<string>): Recorder
  histogram(definition: HistogramDefinition<string>): Recorder
  gauge(definition: GaugeDefinition<string>): void
}

/** Counts events. */
export type Counter<Name extends string> = { add(labels: Labels<Name>, amount?: number): void }

/** Counts values, such as durations in seconds, by their size. */
export type Histogram<Name extends string> = { observe(labels: Labels<Name>, value: number): void }

/** Upper bounds in seconds for requests and statements. */
export const REQUEST_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Upper bounds in seconds for work in the background. */
export const JOB_SECONDS = [0.01, 0.05, 0.25, 1, 5, 15, 60, 300, 900, 3600, 14_400]

let backend: Backend | null = null
const declared: ((backend: Backend) => void)[] = []

function onBackend(use: (backend: Backend) => void): void {
  declared.push(use)
  if (backend) use(backend)
}

/** Sets the backend of this process. All instruments use it from then on, also those that were declared before. */
export function setBackend(next: Backend): void {
  backend = next
  for (const use of declared) use(next)
}

/** Whether metrics are on. */
export function isMeasuring(): boolean {
  return backend !== null
}

/** Declares a counter. */
export function counter<Name extends string = never>(definition: Definition<Name>): Counter<Name> {
  let record: Recorder | null = null
  onBackend((on) => {
    record = on.counter(definition)
  })
  return { add: (labels, amount = 1) => record?.(labels, amount) }
}

/** Declares a histogram. */
export function histogram<Name extends string = never>(
  definition: HistogramDefinition<Name>,
): Histogram<Name> {
  let record: Recorder | null = null
  onBackend((on) => {
    record = on.histogram(definition)
  })
  return { observe: (labels, value) => record?.(labels, value) }
}

/** Declares a gauge, whose value is read when metrics are collected. */
export function gauge<Name extends string = never>(definition: GaugeDefinition<Name>): void {
  onBackend((on) => on.gauge(definition))
}
