import { setTimeout as sleep } from 'node:timers/promises'
import { unavailable } from '../../platform/errors.ts'
import { createLog } from '../../platform/log.ts'
import type { PeerClient } from '../../platform/subgraph/peer.ts'
import { confirm, onRealSchema } from '../../testing/fake-service.ts'
import { createPresence, type Presence } from './presence.ts'

type Held = { holderId: string; onlineIds: string[]; offlineIds: string[] }

let held: Held[]
let isDown: boolean
let presence: Presence

const communication: PeerClient = {
  execute: onRealSchema('communication', async (request) => {
    if (isDown) throw unavailable('down')
    held.push(request.variables?.input as Held)
    return confirm(request)
  }),
  close: async () => {},
}

beforeEach(() => {
  held = []
  isDown = false
  presence = createPresence(communication, createLog('test', 'silent'), 400)
})
afterEach(() => presence.close())

const reports = async (count: number) => {
  for (const deadline = Date.now() + 3_000; held.length < count && Date.now() < deadline; ) await sleep(10)
  return held.map(({ onlineIds, offlineIds }) => ({ onlineIds, offlineIds }))
}

it('reports that a user is online when the first stream opens, and offline when the last one closes', async () => {
  const leaves = [presence.enter('ann'), presence.enter('ann'), presence.enter('bob')]
  expect(await reports(1)).toEqual([{ onlineIds: ['ann', 'bob'], offlineIds: [] }])
  leaves[0]?.()
  await sleep(300)
  held = []
  leaves[1]?.()
  expect((await reports(1))[0]?.offlineIds).toEqual(['ann'])
})

it('renews the report as long as the stream is open', async () => {
  presence.enter('ann')
  const all = await reports(3)
  expect(all.every(({ onlineIds }) => onlineIds[0] === 'ann')).toBe(true)
  expect(new Set(held.map(({ holderId }) => holderId)).size).toBe(1)
})

it('repeats the reports that failed while communication was down', async () => {
  const leave = presence.enter('ann')
  await reports(1)
  isDown = true
  leave()
  await sleep(300)
  held = []
  isDown = false
  expect((await reports(1))[0]).toEqual({ onlineIds: [], offlineIds: ['ann'] })
})

it('reports all users as offline when the gateway stops', async () => {
  presence.enter('ann')
  await reports(1)
  held = []
  await presence.close()
  expect(held.map(({ offlineIds }) => offlineIds)).toEqual([['ann']])
})
