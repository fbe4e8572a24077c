// ICC.1:2022: a header of 128 bytes, the number of tags, then the name, position and length of each tag.
const HEADER = 128
const NUMBERS: Record<string, readonly string[]> = {
  'RGB ': ['wtpt', 'rXYZ', 'gXYZ', 'bXYZ', 'rTRC', 'gTRC', 'bTRC'],
  GRAY: ['wtpt', 'kTRC'],
}
// The number of parameters of each kind of parametric curve (§10.18).
const PARAMETERS = [1, 3, 4, 5, 7]
const MAX_CURVE_POINTS = 4096

/**
 * Rebuilds a colour profile with the same primaries, curves and white point. It drops the description, copyright,
 * maker, model, dates and everything that applications add.
 *
 * @returns null for a profile that these numbers do not fully describe, such as a printer's
 */
export function rebuiltProfile(profile: Buffer): Buffer | null {
  const space = profile.toString('latin1', 16, 20)
  const wanted = NUMBERS[space]
  if (!wanted || profile.toString('latin1', 20, 24) !== 'XYZ ' || profile.length < HEADER + 4) return null
  const isFourth = profile[8] === 4
  const found = tagsOf(profile)
  // Some colour engines prefer these tables to the numbers, so the result would look different.
  if (!found || found.has('A2B0')) return null
  const tags: [string, Buffer][] = [
    ['desc', isFourth ? unicodeText('Colour') : description('Colour')],
    ['cprt', isFourth ? unicodeText('None') : Buffer.from('text\0\0\0\0None\0', 'latin1')],
  ]
  const adaptation = found.get('chad')
  if (adaptation) {
    if (!isArray(adaptation, 'sf32', 9)) return null
    tags.push(['chad', adaptation])
  }
  for (const name of wanted) {
    const tag = found.get(name)
    if (!tag || !(name.endsWith('TRC') ? isCurve(tag) : isArray(tag, 'XYZ ', 3))) return null
    tags.push([name, tag])
  }
  return write(header(profile, space, isFourth), tags)
}

function tagsOf(profile: Buffer): Map<string, Buffer> | null {
  const tags = new Map<string, Buffer>()
  const count = profile.readUInt32BE(HEADER)
  if (count > 100 || HEADER + 4 + count * 12 > profile.length) return null
  for (let at = HEADER + 4; at < HEADER + 4 + count * 12; at += 12) {
    const [start, size] = [profile.readUInt32BE(at + 4), profile.readUInt32BE(at + 8)]
    if (start + size > profile.length) return null
    tags.set(profile.toString('latin1', at, at + 4), profile.subarray(start, start + size))
  }
  return tags
}

function isArray(tag: Buffer, type: string, length: number): boolean {
  return tag.length === 8 + 4 * length && isOfType(tag, type)
}

function isOfType(tag: Buffer, type: string): boolean {
  return tag.toString('latin1', 0, 4) === type && tag.readUInt32BE(4) === 0
}

/** Checks that a tag is a curve that never falls. Text cannot pass as such a curve. */
function isCurve(tag: Buffer): boolean {
  if (tag.length < 12) return false
  if (isOfType(tag, 'para')) {
    const parameters = PARAMETERS[tag.readUInt16BE(8)]
    return parameters !== undefined && tag.length === 12 + 4 * parameters && tag.readUInt16BE(10) === 0
  }
  const points = tag.readUInt32BE(8)
  if (!isOfType(tag, 'curv') || points > MAX_CURVE_POINTS || tag.length !== 12 + 2 * points) return false
  let last = 0
  for (let at = 12; at < tag.length; at += 2) {
    if (tag.readUInt16BE(at) < last) return false
    last = tag.readUInt16BE(at)
  }
  return true
}

/** Writes a header that describes the colours but not who made the profile or when (§7.2). */
function header(profile: Buffer, space: string, isFourth: boolean): Buffer {
  const made = Buffer.alloc(HEADER)
  made.writeUInt32BE(isFourth ? 0x04200000 : 0x02400000, 8)
  made.write(`mntr${space}XYZ `, 12, 'latin1')
  for (const [index, part] of [2000, 1, 1].entries()) made.writeUInt16BE(part, 24 + index * 2)
  made.write('acsp', 36, 'latin1')
  // The rendering intent, one of four values.
  made.writeUInt32BE(profile.readUInt32BE(64) % 4, 64)
  // D50, the white point that all profiles are relative to.
  for (const [index, value] of [0xf6d6, 0x10000, 0xd32d].entries()) made.writeUInt32BE(value, 68 + index * 4)
  return made
}

function unicodeText(text: string): Buffer {
  const characters = Buffer.from(text, 'utf16le').swap16()
  const head = Buffer.alloc(28)
  head.write('mluc', 0, 'latin1')
  head.writeUInt32BE(1, 8)
  head.writeUInt32BE(12, 12)
  head.write('enUS', 16, 'latin1')
  head.writeUInt32BE(characters.length, 20)
  head.writeUInt32BE(head.length, 24)
  return Buffer.concat([head, characters])
}

// ICC.1:2001-04 §6.5.17: the text in ASCII, then an empty Unicode text, then an empty Macintosh text of 67 bytes.
function description(text: string): Buffer {
  const head = Buffer.from('desc\0\0\0\0\0\0\0\0', 'latin1')
  head.writeUInt32BE(text.length + 1, 8)
  return Buffer.concat([head, Buffer.from(`${text}\0`, 'latin1'), Buffer.alloc(8 + 3 + 67)])
}

function write(head: Buffer, tags: readonly [string, Buffer][]): Buffer {
  const table = Buffer.alloc(4 + tags.length * 12)
  table.writeUInt32BE(tags.length, 0)
  const bodies: Buffer[] = []
  let start = HEADER + table.length
  for (const [index, [name, body]] of tags.entries()) {
    table.write(name, 4 + index * 12, 'latin1')
    table.writeUInt32BE(start, 8 + index * 12)
    table.writeUInt32BE(body.length, 12 + index * 12)
    const padding = Buffer.alloc((4 - (body.length % 4)) % 4)
    bodies.push(body, padding)
    start += body.length + padding.length
  }
  head.writeUInt32BE(start, 0)
  return Buffer.concat([head, table, ...bodies])
}
