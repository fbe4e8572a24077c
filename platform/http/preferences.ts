/** One entry of a header such as `Accept` or `Accept-Encoding`. */
export type Preference = {
  /** In lower case and without parameters, such as `gzip` or `application/json`. */
  value: string
  /** From 0, which excludes the value, to 1. */
  quality: number
}

/**
 * Parses a header with quality values (RFC 9110 §12.4.2). The first entry is the one that the client prefers most;
 * entries of the same quality keep the client's order.
 */
export function readPreferences(header: string): Preference[] {
  return header
    .split(',')
    .map((entry) => {
      const [value = '', ...parameters] = entry.split(';').map((text) => text.trim().toLowerCase())
      return { value, quality: qualityIn(parameters) }
    })
    .filter(({ value }) => value !== '')
    .sort((one, other) => other.quality - one.quality)
}

// An entry without a valid quality counts fully, as in other servers.
function qualityIn(parameters: readonly string[]): number {
  const text = parameters.find((parameter) => /^q\s*=/.test(parameter))?.replace(/^q\s*=\s*/, '')
  return text !== undefined && /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(text) ? Number(text) : 1
}
