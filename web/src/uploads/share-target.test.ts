import { memoryIndexedDb } from '../../test/memory-database.ts'
import { forgetShared, forgetUnclaimed, receiveShare, sharedWith } from './share-target.ts'

const { indexedDB } = memoryIndexedDb()
Object.assign(globalThis, { indexedDB })

async function share(text: string, files = 0): Promise<Response> {
  const form = new FormData()
  form.append('text', text)
  for (let file = 0; file < files; file += 1) form.append('media', new File(['x'], `${file}.jpg`))
  const request = new Request('https://moblog.test/share', { method: 'POST', body: form })
  return receiveShare(request, 'https://moblog.test/')
}

describe('the share target', () => {
  afterEach(async () => {
    for (const userId of ['ann', 'ben']) for (const { id } of await sharedWith(userId)) await forgetShared(id)
  })

  // First, because the database stays open after its first use.
  it('leads to an explanation if nothing can be kept, or what was shared cannot be read', async () => {
    const explained = [303, 'https://moblog.test/#/write/not-shared']
    const leadsTo = ({ status, headers }: Response) => [status, headers.get('location')]
    const { open } = indexedDB
    indexedDB.open = () => {
      throw new DOMException('the disk is full', 'QuotaExceededError')
    }
    expect(leadsTo(await share('too much', 1))).toEqual(explained)
    indexedDB.open = open
    const broken = new Request('https://moblog.test/share', { method: 'POST', body: 'no form' })
    expect(leadsTo(await receiveShare(broken, 'https://moblog.test/'))).toEqual(explained)
    expect(await sharedWith('ann')).toEqual([])
  })

  it('shows what was shared until it is used', async () => {
    const { status, headers } = await share('a photo', 1)
    expect([status, headers.get('location')]).toEqual([303, 'https://moblog.test/#/write'])
    for (const _ of [1, 2]) expect(await sharedWith('ann')).toMatchObject([{ text: 'a photo', leftOut: 0 }])
    const [shared] = await sharedWith('ann')
    await forgetShared(shared?.id ?? '')
    expect(await sharedWith('ann')).toEqual([])
  })

  it('tells how many files were too many', async () => {
    await share('many', 12)
    const [shared] = await sharedWith('ann')
    expect([shared?.files.length, shared?.leftOut]).toEqual([10, 2])
  })

  it('shows nothing to another user', async () => {
    await share('private')
    await sharedWith('ann')
    expect(await sharedWith('ben')).toEqual([])
  })

  it('keeps nothing that was shared without a session for the next user', async () => {
    await share('of ann')
    await sharedWith('ann')
    await share('of nobody')
    await forgetUnclaimed()
    expect(await sharedWith('ben')).toEqual([])
    expect(await sharedWith('ann')).toMatchObject([{ text: 'of ann' }])
  })

  it('forgets after a day what was not used', async () => {
    await share('old')
    expect(await sharedWith('ann', Date.now() + 25 * 3_600_000)).toEqual([])
    expect(await sharedWith('ann')).toEqual([])
  })
})
