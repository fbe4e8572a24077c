import { z } from 'zod'
import { byteCount, ConfigError, flag, httpUrl, port, readConfig } from './config.ts'

const schema = z.object({
  PORT: port.default(4000),
  PUBLIC_URL: httpUrl.optional(),
  QUOTA: byteCount.default(1),
  VERBOSE: flag.default(false),
})

describe('a configuration', () => {
  it('uses the defaults of settings that are unset or empty', () => {
    expect(readConfig(schema, { PORT: '' })).toEqual({ PORT: 4000, QUOTA: 1, VERBOSE: false })
  })

  it('reads every type of value', () => {
    const config = readConfig(schema, {
      PORT: '8080',
      PUBLIC_URL: 'https://moblog.example/',
      QUOTA: '1.5GiB',
      VERBOSE: 'yes',
    })
    expect(config).toEqual({
      PORT: 8080,
      PUBLIC_URL: 'https://moblog.example',
      QUOTA: 1.5 * 1024 ** 3,
      VERBOSE: true,
    })
  })

  it.each([
    ['512', 512],
    ['20MiB', 20 * 1024 ** 2],
    ['3 kb', 3 * 1024],
    ['1T', 1024 ** 4],
  ])('reads %s as a number of bytes', (text, bytes) => {
    expect(readConfig(schema, { QUOTA: text }).QUOTA).toBe(bytes)
  })

  it('names all invalid variables in one error', () => {
    const read = () => readConfig(schema, { PORT: 'high', PUBLIC_URL: 'ftp://x', QUOTA: 'lots' })
    expect(read).toThrow(ConfigError)
    expect(read).toThrow(/PORT: .*\n.*PUBLIC_URL: .*\n.*QUOTA: /)
  })
})
