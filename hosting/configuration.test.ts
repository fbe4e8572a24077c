import { readFileSync } from 'node:fs'
import { gatewayConfig } from '../gateway/config.ts'
import { blogConfig } from '../subgraphs/blog/config.ts'
import { communicationConfig } from '../subgraphs/communication/config.ts'
import { storageConfig } from '../subgraphs/storage/config.ts'
import { addressConfig } from './addresses.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const all = [gatewayConfig, communicationConfig, storageConfig, blogConfig, addressConfig]
const variables = new Set(all.flatMap((config) => Object.keys(config.shape)))

describe('the README', () => {
  it.each([...variables])('explains %s', (variable) => {
    expect(readme).toContain(`\`${variable}\``)
  })

  it('explains nothing that is not read', () => {
    const explained = [...readme.matchAll(/`([A-Z][A-Z_]+_[A-Z_]+|PORT|HOST)`/g)].map(([, name]) => name)
    expect(explained.filter((name) => name && !variables.has(name))).toEqual([])
  })
})
