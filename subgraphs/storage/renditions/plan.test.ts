import { isQuick, planRenditions, progressiveSize } from './plan.ts'
import type { Source } from './source.ts'

const source = (
  video: Partial<NonNullable<Source['video']>> | null,
  audio: Source['audio'] = { isPlain: true },
): Source => ({
  container: 'mov,mp4,m4a,3gp,3g2,mj2',
  isFastStart: true,
  bitRate: 2_000_000,
  audio,
  hasCover: false,
  video: video && {
    isPlain: true,
    isTurned: false,
    isHdr: false,
    isInterlaced: false,
    frameRate: '30',
    longSide: 1280,
    ...video,
  },
})
const shown = { width: 1280, height: 720 }

describe('a film', () => {
  it('that every phone decodes is copied, and is itself the progressive file', () => {
    const plan = planRenditions(source({}), shown, false)
    expect(plan).toEqual({ video: 'COPY', audio: 'COPY', isOriginalProgressive: true })
    expect(isQuick(plan, 7200)).toBe(true)
  })

  it('that tells where it was recorded is copied and never handed out itself', () => {
    expect(planRenditions(source({}), shown, true)).toMatchObject({
      video: 'COPY',
      isOriginalProgressive: false,
    })
  })

  it.each([
    ['is turned', source({ isTurned: true })],
    ['is of another codec', source({ isPlain: false })],
    ['has sound of another codec', source({}, { isPlain: false })],
    ['is larger than phones show', source({ longSide: 3840 })],
    ['takes more than a connection', { ...source({}), bitRate: 40_000_000 }],
  ])('that %s is encoded, sound and all', (_what, other) => {
    const plan = planRenditions(other, shown, false)
    expect(plan.video).toEqual([
      { width: 640, height: 360 },
      { width: 1280, height: 720 },
    ])
    expect(plan).toMatchObject({ audio: 'ENCODE', isOriginalProgressive: false })
    expect(isQuick(plan, 3)).toBe(false)
  })

  it('becomes a progressive file of at most 1280', () => {
    const sizes = [640, 1280, 1920].map((width) => ({ width, height: width / 2 }))
    expect(progressiveSize(sizes as [(typeof sizes)[0]])).toMatchObject({ width: 1280 })
  })
})

describe('sound', () => {
  it('in AAC is copied', () => {
    expect(planRenditions(source(null), null, false)).toMatchObject({ video: null, audio: 'COPY' })
  })

  it('that would take long to encode waits in the slow lane', () => {
    const plan = planRenditions(source(null, { isPlain: false }), null, false)
    expect([isQuick(plan, 60), isQuick(plan, 7200), isQuick(plan, null)]).toEqual([true, false, false])
  })
})
