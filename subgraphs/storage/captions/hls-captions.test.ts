import fc from 'fast-check'
import { withCaptions } from './hls-captions.ts'

const MASTER = [
  '#EXTM3U',
  '#EXT-X-VERSION:7',
  '#EXT-X-INDEPENDENT-SEGMENTS',
  '#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="avc1.42E01E"',
  'small.m3u8',
  '#EXT-X-STREAM-INF:BANDWIDTH=2,CODECS="avc1.42E01E"',
  'large.m3u8',
  '',
].join('\n')

describe('the playlist that lists all sizes', () => {
  it('stays as it is without captions', () => {
    expect(withCaptions(MASTER, [])).toBe(MASTER)
  })

  it('offers captions for every size', () => {
    const lines = withCaptions(MASTER, [
      { language: 'en', label: 'English "CC"' },
      { language: 'zh-Hans', label: '中文' },
    ]).split('\n')
    expect(lines.slice(3, 5)).toEqual([
      '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME="English ”CC”",LANGUAGE="en",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="captions-en.m3u8"',
      '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME="中文",LANGUAGE="zh-Hans",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="captions-zh-Hans.m3u8"',
    ])
    const sizes = lines.filter((line) => line.startsWith('#EXT-X-STREAM-INF:'))
    expect(sizes.map((line) => line.endsWith(',SUBTITLES="captions"'))).toEqual([true, true])
    expect(lines.filter((line) => !line.startsWith('#')).join()).toBe('small.m3u8,large.m3u8,')
  })

  it('gives captions different names without quotation marks, whatever their labels are', () => {
    const label = fc.constantFrom('English', 'English (en)', 'English (de)', 'a"b', 'a”b')
    const languages = ['de', 'en', 'fr', 'it']
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 4 }), (labels) => {
        const captions = labels.map((text, index) => ({ label: text, language: languages[index] ?? '' }))
        const names = [
          ...withCaptions(MASTER, captions).matchAll(/,NAME="([^"]*)",LANGUAGE="[a-z]+",DEFAULT/g),
        ]
        expect(new Set(names.map(([, name]) => name)).size).toBe(labels.length)
      }),
    )
  })
})
