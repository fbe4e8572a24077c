import type { z } from 'zod'
import { readConfig } from '../platform/config.ts'
import type { Host, Service } from '../platform/service.ts'
import { blogConfig } from '../subgraphs/blog/config.ts'
import { communicationConfig } from '../subgraphs/communication/config.ts'
import { storageConfig } from '../subgraphs/storage/config.ts'

/** An entry of the manifest, as it is written below. */
type Definition<Name extends string, Shape extends z.ZodRawShape> = {
  /** The name in the supergraph, in logs, tokens and settings. The schema is `schema/<name>.graphql`. */
  name: Name
  /** The settings that the service reads from the environment. */
  config: z.ZodObject<Shape>
  /**
   * Imports the function that starts the service. Programs that only list the services do not load them, and a process
   * that runs one service does not load the others.
   */
  load(): Promise<(host: Host, config: z.infer<z.ZodObject<Shape>>) => Promise<Service>>
  /** The port on which the service listens when it runs in a separate process. */
  port: number
  /** The services that it calls. A service refuses calls from services that do not name it here. */
  calls: readonly string[]
  /** Whether clients reach it, so that it needs a public address. */
  isPublic: boolean
  /** The PostgreSQL schema of its tables is named as the service; this is the one of its outbox and its jobs. */
  outboxSchema: string
}

/** A service that this product consists of, besides the gateway. */
export type ServiceEntry<Name extends string = string> = {
  name: Name
  port: number
  calls: readonly string[]
  isPublic: boolean
  outboxSchema: string
  /** The settings that the service reads, by name. */
  settings: Readonly<Record<string, z.core.$ZodType>>
  /**
   * Reads the configuration of the service and loads its code.
   *
   * @returns a function that starts the service
   * @throws ConfigError if a setting is invalid
   */
  prepare(env: NodeJS.ProcessEnv): Promise<(host: Host) => Promise<Service>>
}

function entry<Name extends string, Shape extends z.ZodRawShape>(
  definition: Definition<Name, Shape>,
): ServiceEntry<Name> {
  const { config, load, ...listed } = definition
  return {
    ...listed,
    settings: config.shape,
    async prepare(env) {
      const values = readConfig(config, env)
      const start = await load()
      return (host) => start(host, values)
    },
  }
}

/** The manifest: all subgraphs. Everything that lists the services derives its list from this one. */
export const SERVICES = [
  entry({
    name: 'communication',
    config: communicationConfig,
    load: async () => (await import('../subgraphs/communication/service.ts')).startCommunication,
    port: 4001,
    calls: ['storage', 'blog'],
    isPublic: false,
    outboxSchema: 'communication_outbox',
  }),
  entry({
    name: 'storage',
    config: storageConfig,
    load: async () => (await import('../subgraphs/storage/service.ts')).startStorage,
    port: 4002,
    calls: ['communication'],
    isPublic: true,
    outboxSchema: 'storage_jobs',
  }),
  entry({
    name: 'blog',
    config: blogConfig,
    load: async () => (await import('../subgraphs/blog/service.ts')).startBlog,
    port: 4003,
    calls: ['communication', 'storage'],
    isPublic: true,
    outboxSchema: 'blog_outbox',
  }),
] as const

/** The name of a subgraph. */
export type SubgraphName = (typeof SERVICES)[number]['name']

/** The names of the subgraphs. */
export const SUBGRAPHS: readonly SubgraphName[] = SERVICES.map(({ name }) => name)

/** The name of a service that signs tokens. */
export type Issuer = 'gateway' | SubgraphName

/** All services that sign tokens: the gateway signs for viewers, the subgraphs sign for themselves. */
export const ISSUERS: readonly Issuer[] = ['gateway', ...SUBGRAPHS]

/** The settings of all subgraphs, by name. */
export const serviceSettings: Readonly<Record<string, z.core.$ZodType>> = Object.fromEntries(
  SERVICES.flatMap(({ settings }) => Object.entries(settings)),
)

/** Returns the services that call a service. */
export function callersOf(name: SubgraphName): Issuer[] {
  return ['gateway', ...SERVICES.filter(({ calls }) => calls.includes(name)).map((caller) => caller.name)]
}

/** Returns the name of a setting that each service has: `STORAGE_URL` for `storage` and `URL`. */
export function settingOf(name: string, ending: string): string {
  return `${name.toUpperCase()}_${ending}`
}
