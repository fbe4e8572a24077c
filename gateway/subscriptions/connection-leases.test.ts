import { setTimeout as sleep } from 'node:timers/promises'
import { createLog } from '../../platform/log.ts'
import type { PeerClient } from '../../platform/subgraph/peer.ts'
import { eventually } from '../../testing/eventually.ts'
import { type ConnectionLeases, createConnectionLeases } from './connection-leases.ts'
import { createStreamLimit } from './stream-limit.ts'

type Report = { held: { key: string; ages: number[] }[]; released: string[] }

let reports: Report[]
let isDown: boolean
/** How many connections of a key may stay open, as `communication` answers. */
let keep: Record<string, number>
let leases: ConnectionLeases
const ended: string[] = []

const communication: PeerClient = {
  async execute({ variables }) {
    if (isDown) throw new Error('down')
    const report = variables?.input as Report
    reports.push(report)
    const excess = report.held.filter(({ key }) => key in keep)
    return { data: { holdConnections: excess.map(({ key }) => ({ key, keep: keep[key] })) } }
  },
  close: async () => {},
}

beforeEach(() => {
  reports = []
  ended.length = 0
  isDown = false
  keep = {}
  leases = createConnectionLeases(communication, createLog('test', 'silent'), createStreamLimit(), 400)
})
afterEach(() => leases.close())

const open = (key: string, name: string) => leases.limit(key, () => ended.push(name))

describe('the leases of connections', () => {
  it('report all connections, the newest first, and renew the report', async () => {
    open('ann', 'one')
    open('ann', 'two')
    open('bob', 'three')
    await eventually(() => reports.length >= 3, 3_000)
    for (const { held, released } of reports) {
      expect(held.map(({ key, ages }) => [key, ages.length])).toEqual([
        ['ann', 2],
        ['bob', 1],
      ])
      expect(held[0]?.ages).toEqual([...(held[0]?.ages ?? [])].sort((a, b) => a - b))
      expect(released).toEqual([])
    }
  })

  it('end the oldest connections of a user with too many at all gateways together', async () => {
    for (const name of ['one', 'two', 'three']) open('ann', name)
    open('bob', 'of bob')
    keep = { ann: 1 }
    await eventually(() => ended.length >= 2, 3_000)
    expect([...new Set(ended)].sort()).toEqual(['one', 'two'])
  })

  it('are given back when the last connection is over, also if communication was down', async () => {
    const leave = open('ann', 'one')
    await eventually(() => reports.length === 1, 3_000)
    isDown = true
    leave()
    await sleep(600)
    isDown = false
    await eventually(() => reports.some(({ released }) => released.includes('ann')), 3_000)
  })

  it('are given back when the gateway stops', async () => {
    open('ann', 'one')
    await eventually(() => reports.length === 1, 3_000)
    await leases.close()
    expect(reports.at(-1)).toMatchObject({ held: [], released: ['ann'] })
  })

  it('apply the limit of this machine at once', () => {
    for (let number = 0; number < 17; number++) open('ann', `${number}`)
    expect(ended).toEqual(['0'])
  })
})
