import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { type Addresses, addressOf } from '../../hosting/addresses.ts'
import { SUBGRAPHS } from '../../hosting/services.ts'
import { subgraphSdl } from '../../schema/subgraph-sdl.ts'
import { assertionHeader } from '../viewers.ts'

/** How a program is started. */
export type Command = { program: string; args: string[] }

/**
 * Writes the configuration of Grafbase's gateway, which is written in Rust, and returns the command that starts it. It
 * composes the subgraphs itself.
 *
 * @param folder where the configuration is written
 */
export async function grafbase(folder: string, port: number, addresses: Addresses): Promise<Command> {
  await mkdir(folder, { recursive: true })
  const subgraphs = await Promise.all(
    SUBGRAPHS.map(async (name) => {
      const file = path.join(folder, `${name}.graphql`)
      await writeFile(file, subgraphSdl(name))
      return `
[subgraphs.${name}]
url = "${addressOf(name, addresses)}/graphql"
schema_path = "${file}"
[[subgraphs.${name}.headers]]
rule = "rename_duplicate"
name = "${assertionHeader(name)}"
rename = "authorization"
`
    }),
  )
  const config = path.join(folder, 'grafbase.toml')
  await writeFile(config, `[graph]\nintrospection = false\n${subgraphs.join('')}`)
  const program = createRequire(import.meta.url).resolve('@grafbase/cli-x86_64-unknown-linux-musl/grafbase')
  await chmod(program, 0o755)
  return { program, args: ['dev', '--config', config, '--listen-address', `127.0.0.1:${port}`] }
}
