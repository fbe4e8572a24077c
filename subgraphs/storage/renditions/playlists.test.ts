import { codecsOf, masterPlaylist, mediaPlaylist, readSegments } from './playlists.ts'

const rung = {
  name: '640',
  files: '640-a1b2c3',
  size: { width: 640, height: 360 },
  bitsPerSecond: 1_000_000,
  isEncoded: true,
}

describe('a playlist that ffmpeg is writing', () => {
  it('lists finished segments only, without an incomplete line', () => {
    const text =
      '#EXTM3U\n#EXTINF:2.000000,\n640-a1b2c3-00000.m4s\n#EXTINF:1.5,\n640-a1b2c3-00001.m4s\n#EXTINF:2.0,\n640-000'
    expect(readSegments(text)).toEqual([
      { name: '640-a1b2c3-00000.m4s', seconds: 2 },
      { name: '640-a1b2c3-00001.m4s', seconds: 1.5 },
    ])
  })
})

describe('the playlist of one size', () => {
  const segments = [{ name: '640-a1b2c3-00000.m4s', seconds: 2.4 }]

  it('has the type EVENT while it grows', () => {
    const { text, isComplete } = mediaPlaylist(rung, segments, false)
    expect(isComplete).toBe(false)
    expect(text).toContain('#EXT-X-PLAYLIST-TYPE:EVENT')
    expect(text).not.toContain('ENDLIST')
  })

  it('has the type VOD when it is complete, with relative addresses only', () => {
    const { text } = mediaPlaylist(rung, segments, true)
    expect(text.split('\n')).toEqual([
      '#EXTM3U',
      '#EXT-X-VERSION:7',
      '#EXT-X-TARGETDURATION:3',
      '#EXT-X-MEDIA-SEQUENCE:0',
      '#EXT-X-PLAYLIST-TYPE:VOD',
      '#EXT-X-INDEPENDENT-SEGMENTS',
      '#EXT-X-MAP:URI="640-a1b2c3-init.mp4"',
      '#EXTINF:2.400000,',
      '640-a1b2c3-00000.m4s',
      '#EXT-X-ENDLIST',
      '',
    ])
  })
})

describe('the playlist of all sizes', () => {
  it('states the bandwidth, the resolution and the codecs of each size', () => {
    const { name, text } = masterPlaylist([{ ...rung, codecs: 'avc1.64001E,mp4a.40.2' }])
    expect(name).toBe('index.m3u8')
    expect(text).toContain(
      '#EXT-X-STREAM-INF:BANDWIDTH=1100000,RESOLUTION=640x360,CODECS="avc1.64001E,mp4a.40.2"\n640.m3u8\n',
    )
  })

  it('reads the codecs from the first file of a size', () => {
    const video = Buffer.from('....avcC\x01\x64\x00\x1e', 'latin1')
    expect(codecsOf(Buffer.concat([video, Buffer.from('mp4a')]))).toBe('avc1.64001E,mp4a.40.2')
    expect(codecsOf(Buffer.from('....mp4a'))).toBe('mp4a.40.2')
    expect(codecsOf(Buffer.from('nothing'))).toBe('')
  })
})
