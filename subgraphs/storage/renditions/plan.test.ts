import { recordingSource as source } from '../../../testing/storage/source.ts'
import { isQuick, planRenditions, progressiveSize } from './plan.ts'

const shown = { width: 1280, height: 720 }

describe('a video', () => {
  it('that every phone decodes is copied', () => {
    const plan = planRenditions(source({}), shown)
    expect(plan).toEqual({ video: 'COPY', audio: 'COPY' })
    expect(isQuick(plan, 7200)).toBe(true)
  })

  it.each([
    ['is rotated', source({ orientation: 'clockwise' })],
    ['is mirrored', source({ orientation: 'vflip' })],
    ['is in a container with unreliable timestamps', { ...source({}), container: 'avi' }],
    ['has a hidden beginning', source({ hiddenSeconds: 3.5 })],
    ['has sound that continues after its pictures', source({ endsAt: 3 })],
    ['begins with sound only', source({ startsAt: 2 })],
    ['has another video codec', source({ isPlain: false })],
    ['has another audio codec', source({}, { isPlain: false })],
    ['is larger than phone screens', source({ longSide: 3840 })],
    ['has a bit rate above the limit for copying', { ...source({}), bitRate: 40_000_000 }],
  ])('that %s is transcoded with its sound', (_name, other) => {
    const plan = planRenditions(other, shown)
    expect(plan.video).toEqual([
      { width: 640, height: 360 },
      { width: 1280, height: 720 },
    ])
    expect(plan.audio).toBe('ENCODE')
    expect(isQuick(plan, 3)).toBe(false)
  })

  it('becomes a progressive file of at most 1280 pixels', () => {
    const sizes = [640, 1280, 1920].map((width) => ({ width, height: width / 2 }))
    expect(progressiveSize(sizes as [(typeof sizes)[0]])).toMatchObject({ width: 1280 })
  })
})

describe('sound', () => {
  it('in AAC is copied', () => {
    expect(planRenditions(source(null), null)).toMatchObject({ video: null, audio: 'COPY' })
  })

  it('with a hidden beginning is not copied', () => {
    expect(planRenditions(source(null, { hiddenSeconds: 2 }), null)).toMatchObject({ audio: 'ENCODE' })
  })

  it('that takes long to encode waits in the slow lane', () => {
    const plan = planRenditions(source(null, { isPlain: false }), null)
    expect([isQuick(plan, 60), isQuick(plan, 7200)]).toEqual([true, false])
  })
})
