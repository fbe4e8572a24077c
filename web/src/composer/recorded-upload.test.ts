import { chooseLanguage } from '../i18n/language.ts'
import { words as uploadWords } from '../uploads/messages.ts'
import type { Upload } from '../uploads/uploads.ts'
import { words } from './messages.ts'
import { recordedUpload } from './recorded-upload.ts'

const upload = (changes: Partial<Upload>) =>
  recordedUpload({ state: 'SENDING', failure: null, isKept: true, ...changes } as Upload)

describe('the upload of a recording that the user looks at', () => {
  afterEach(() => chooseLanguage('en'))

  it.each(['en', 'zh-Hans'] as const)('waits for the connection on the device, in %s', (tag) => {
    Object.assign(globalThis, { localStorage: { setItem() {} }, document: { documentElement: {} } })
    chooseLanguage(tag)
    expect(upload({ state: 'OFFLINE' })?.text).toBe(words().keptOffline)
    expect(upload({ state: 'OFFLINE', isKept: false })?.text).toBe(words().notKept)
  })

  it('is said to go on only while it does', () => {
    const states = ['WAITING', 'SENDING', 'VERIFYING', 'STORED', 'CANCELLED'] as const
    expect(states.map((state) => upload({ state }))).toEqual([undefined, undefined, undefined, null, null])
    expect(recordedUpload(null)).toBeNull()
    expect(upload({ state: 'PAUSED' })?.text).toBe(uploadWords().paused)
    expect(upload({ state: 'FAILED', failure: { kind: 'SIGNED_OUT' } as Upload['failure'] })?.text).toBe(
      uploadWords().signedOut,
    )
  })
})
