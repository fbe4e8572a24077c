/**
 * Whether a viewer sees a post, whether the viewer plays its media, and whether the viewer is notified of being mentioned
 * in it.
 */
export type Cell = { sees: boolean; plays: boolean; isNotified?: boolean }

/** The cells by state, viewer and audience. */
export type Matrix = Record<string, Record<string, Record<string, Cell>>>

/** Formats the matrix as in `ACCESS.md`: a table for each state, a row for each viewer, a column for each audience. */
export function matrixAsMarkdown(matrix: Matrix): string {
  return Object.entries(matrix)
    .map(([state, rows]) => [`## ${state}`, '', ...table(rows)].join('\n'))
    .join('\n\n')
}

function table(rows: Record<string, Record<string, Cell>>): string[] {
  const audiences = Object.keys(Object.values(rows)[0] ?? {})
  const cells = [
    ['the viewer is', ...audiences],
    ...Object.entries(rows).map(([viewer, row]) => [
      viewer,
      ...audiences.map((audience) => words(row[audience] ?? { sees: false, plays: false })),
    ]),
  ]
  const widths = ['', ...audiences].map((_column, index) =>
    Math.max(...cells.map((row) => (row[index] ?? '').length)),
  )
  const line = (row: string[]) =>
    `| ${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' | ')} |`
  const [head = [], ...body] = cells
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)]
}

function words({ sees, plays, isNotified = false }: Cell): string {
  return [sees && 'sees', plays && 'plays', isNotified && 'is notified'].filter(Boolean).join(', ')
}
