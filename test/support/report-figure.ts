/** Shows a measured figure beside the test results, where jest shows nothing of tests that pass. */
export function reportFigure(text: string): void {
  process.stderr.write(`${text}\n`)
}
