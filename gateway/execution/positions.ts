import { isData } from './merge.ts'
import type { Data } from './result-shape.ts'

/** The path of a field in a response (GraphQL specification, section 7.1.2). */
export type Path = readonly (string | number)[]

/**
 * Returns the objects at a path of a query plan, in order. Nulls are left out.
 *
 * @param path response names; `@` stands for each item of a list
 */
export function objectsAt(data: Data, path: Path): Data[] {
  let values: unknown[] = [data]
  for (const step of path) {
    const next: unknown[] = []
    for (const value of values) {
      if (step === '@') {
        if (Array.isArray(value)) next.push(...value)
      } else if (isData(value)) next.push(value[step])
    }
    values = next
  }
  return values.filter(isData)
}

/** Returns the positions of the objects that `objectsAt` returns, in the same order. */
export function pathsAt(data: Data, path: Path): Path[] {
  let values: [Path, unknown][] = [[[], data]]
  for (const step of path) {
    const next: [Path, unknown][] = []
    for (const [at, value] of values) {
      if (step === '@') {
        if (Array.isArray(value))
          for (const [index, item] of value.entries()) next.push([[...at, index], item])
      } else if (isData(value)) next.push([[...at, step], value[step]])
    }
    values = next
  }
  return values.filter(([, value]) => isData(value)).map(([at]) => at)
}
