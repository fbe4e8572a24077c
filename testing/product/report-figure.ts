/** Prints a measured figure next to the test results, because jest prints nothing for tests that pass. */
export function reportFigure(text: string): void {
  process.stderr.write(`${text}\n`)
}
