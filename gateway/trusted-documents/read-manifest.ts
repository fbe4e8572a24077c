import { z } from 'zod'

/** An operation that clients may send: its id and its complete text. */
export type TrustedDocument = { id: string; text: string }

/** Written by `@apollo/generate-persisted-query-manifest`, by Apollo iOS, and by Apollo Kotlin from version 4 on. */
const persistedQueryManifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string().min(1), body: z.string().min(1) })),
})

/** `operationOutput.json` of Apollo Kotlin, and the legacy format of Apollo iOS: an object whose keys are the ids. */
const operationOutput = z.record(z.string().min(1), z.object({ source: z.string().min(1) }))

/**
 * Reads the operations from the text of a manifest.
 *
 * @throws Error that says what is wrong with it
 */
export function readManifest(text: string): TrustedDocument[] {
  const content = parseJson(text)
  if (typeof content === 'object' && content !== null && 'format' in content) {
    const manifest = persistedQueryManifest.safeParse(content)
    if (manifest.success) return manifest.data.operations.map(({ id, body }) => ({ id, text: body }))
    throw new Error(`it is not a persisted query manifest of version 1: ${problemIn(manifest.error)}`)
  }
  const output = operationOutput.safeParse(content)
  if (output.success) return Object.entries(output.data).map(([id, { source }]) => ({ id, text: source }))
  throw new Error(`it has none of the supported formats: ${problemIn(output.error)}`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('it is not valid JSON')
  }
}

function problemIn({ issues: [issue] }: z.core.$ZodError): string {
  return issue ? `${issue.message} at "${issue.path.join('.')}"` : 'unknown problem'
}
