import { z } from 'zod'
import { gatewayConfig } from '../gateway/config.ts'
import { addressConfig } from './addresses.ts'
import { databaseConfig } from './databases.ts'
import { serviceSettings } from './services.ts'
import { workersConfig } from './worker-count.ts'

/** The settings of the gateway and all services when they run in one process. */
export const allInOneSettings: Readonly<Record<string, z.core.$ZodType>> = {
  ...gatewayConfig.shape,
  ...serviceSettings,
  ...databaseConfig.shape,
  ...workersConfig.shape,
}

/** All settings of all programs of the product. One environment may serve all of them. */
export const allSettings: Readonly<Record<string, z.core.$ZodType>> = {
  ...allInOneSettings,
  ...addressConfig.shape,
}

/** The help text of one setting. `fallback` is the default, or null without one. */
export type SettingHelp = { name: string; fallback: string | null; description: string }

/** Describes settings, sorted by name. */
export function describeSettings(settings: Readonly<Record<string, z.core.$ZodType>>): SettingHelp[] {
  return Object.entries(settings)
    .map(([name, schema]) => ({ name, fallback: defaultOf(schema), description: descriptionOf(schema) }))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
}

function defaultOf(schema: z.core.$ZodType): string | null {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return `${schema.def.defaultValue}`
  return null
}

function descriptionOf(schema: z.core.$ZodType): string {
  return z.globalRegistry.get(schema)?.description ?? ''
}
