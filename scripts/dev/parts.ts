/** A part of the product that a process can load before a change, because the change does not affect it. */
export type Part = {
  /** The module to load. */
  entry: string
  /** The folders and files from which it is loaded. */
  from: readonly string[]
}

const SHARED = ['generated/', 'platform/', 'schema/']

/** Returns the parts of the product. They share code, but none of them imports another one. */
export function partsOf(subgraphs: readonly string[]): Part[] {
  return [
    { entry: 'gateway/gateway.ts', from: ['gateway/', ...SHARED] },
    ...subgraphs.flatMap((name) => [
      { entry: `generated/prisma/${name}/client.ts`, from: ['generated/', `prisma/${name}/schema.prisma`] },
      {
        entry: `subgraphs/${name}/service.ts`,
        from: [`subgraphs/${name}/`, `prisma/${name}/schema.prisma`, ...SHARED],
      },
    ]),
  ]
}

/** Returns the parts that a change of these files does not affect. */
export function unaffected(parts: readonly Part[], files: readonly string[]): Part[] {
  return parts.filter(({ from }) => !files.some((file) => from.some((start) => file.startsWith(start))))
}
