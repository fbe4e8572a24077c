import { readFileSync } from 'node:fs'
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import type { z } from 'zod'
import { allSettings, describeSettings } from './settings.ts'
import { findMisspelled } from './unknown-settings.ts'

/** The command line of a program. */
export type CommandLine<Options extends ParseArgsOptionsConfig> = {
  /** How the program is called, such as `npm run storage:sweep -- [--dry-run]`. */
  usage: string
  /** What the program does, in one sentence. */
  summary: string
  /** The options that the program accepts in addition to `--help` and `--version`. */
  options: Options
  /** The help text for these options, one line each. */
  optionHelp?: readonly string[]
  /** Whether the program takes positional arguments. */
  takesArguments?: boolean
  /** The environment variables that the program reads. */
  settings: Readonly<Record<string, z.core.$ZodType>>
}

const COMMON = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const

/**
 * Reads the arguments of a program. Answers `--help` and `--version`, and exits with status 2 for an unknown option.
 * Prints a warning for environment variables that look like misspelled settings.
 */
export function readCommandLine<const Options extends ParseArgsOptionsConfig>(command: CommandLine<Options>) {
  const parsed = parse(command)
  const { help, version } = parsed.values as { help?: boolean; version?: boolean }
  if (help) leave(0, process.stdout, helpText(command))
  if (version) leave(0, process.stdout, `${productVersion()}\n`)
  for (const { name, nearest } of findMisspelled(process.env, Object.keys(allSettings))) {
    process.stderr.write(`Warning: ${name} is not a setting, and is ignored. Did you mean ${nearest}?\n`)
  }
  return parsed
}

function parse<const Options extends ParseArgsOptionsConfig>(command: CommandLine<Options>) {
  const { options, takesArguments = false } = command
  try {
    return parseArgs({ options: { ...options, ...COMMON }, allowPositionals: takesArguments })
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split('. ')
    return leave(
      2,
      process.stderr,
      `${reason}.\nUsage: ${command.usage}\nRun it with --help for all options and settings.\n`,
    )
  }
}

function helpText<Options extends ParseArgsOptionsConfig>(command: CommandLine<Options>): string {
  const settings = describeSettings(command.settings)
  return [
    `Usage: ${command.usage}`,
    '',
    command.summary,
    '',
    'Options:',
    ...(command.optionHelp ?? []).map((line) => `  ${line}`),
    '  -h, --help     shows this help',
    '  -v, --version  shows the version',
    ...(settings.length > 0 ? ['', 'Settings (environment variables):'] : []),
    ...settings.flatMap(({ name, fallback, description }) => [
      `  ${name}${fallback === null ? '' : ` (default: ${fallback})`}`,
      `      ${description}`,
    ]),
    '',
  ].join('\n')
}

function productVersion(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  )
  return manifest.version
}

function leave(code: number, stream: NodeJS.WriteStream, text: string): never {
  stream.write(text)
  process.exit(code)
}
