/** The demo's output: numbered steps, the results below each step, and progress bars. */
export type Terminal = {
  title(text: string): void
  step(text: string): void
  /** Prints a successful result. */
  tick(text: string): void
  /** Prints the failure that ends the demo. */
  cross(text: string): void
  note(text: string): void
  /** Prints lines unchanged, such as a query. */
  lines(text: string): void
  bar(label: string, total: number, show?: (value: number) => string): Bar
}

export type Bar = { at(value: number): void; done(): void }

const WIDTH = 32

/** Creates the output on a stream. Colors and moving bars are used only on a terminal. */
export function createTerminal(stream: NodeJS.WriteStream): Terminal {
  const isWatched = stream.isTTY === true
  const isColoured = isWatched && !process.env.NO_COLOR
  const paint = (code: number) => (text: string) => (isColoured ? `\u001b[${code}m${text}\u001b[0m` : text)
  const [bold, dim, red, green, cyan] = [paint(1), paint(2), paint(31), paint(32), paint(36)]
  const write = (text: string) => void stream.write(`${text}\n`)
  let steps = 0

  return {
    title: (text) => write(`\n${bold(text)}`),
    step(text) {
      steps += 1
      write(`\n${bold(`${String(steps).padStart(2)}. ${text}`)}`)
    },
    tick: (text) => write(`    ${green('✓')} ${text}`),
    cross: (text) => write(`    ${red('✗')} ${text}`),
    note: (text) => write(`    ${dim(text)}`),
    lines: (text) => write(text.replace(/^/gm, `    ${isColoured ? dim('│') : '|'} `)),
    bar(label, total, show = (value) => `${value}`) {
      const draw = (value: number) => {
        const part = total === 0 ? 1 : Math.min(1, value / total)
        const full = Math.round(part * WIDTH)
        const blocks = cyan('█'.repeat(full)) + dim('░'.repeat(WIDTH - full))
        const percent = `${Math.floor(part * 100)}%`.padStart(4)
        return `    ${label} ${blocks} ${percent}  ${show(value)}`
      }
      let last = 0
      return {
        at(value) {
          last = value
          if (isWatched) stream.write(`\r\u001b[K${draw(value)}`)
        },
        done() {
          if (isWatched) stream.write('\n')
          else write(draw(last))
        },
      }
    },
  }
}

/** Formats a number of bytes for people. */
export function inBytes(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** power
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`
}
