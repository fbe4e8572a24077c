import { oldCaches } from './versions.ts'

describe('the caches of older versions', () => {
  it('stay for the version before, whose pages may be open', () => {
    expect(oldCaches(['moblog-client-1', 'moblog-pictures', 'moblog-client-2'], 'moblog-client-2')).toEqual(
      [],
    )
  })

  it('are deleted for all versions before that', () => {
    const names = ['moblog-client-1', 'moblog-client-2', 'moblog-client-3', 'moblog-pictures']
    expect(oldCaches(names, 'moblog-client-3')).toEqual(['moblog-client-1'])
  })

  it('stay while there are no others', () => {
    expect(oldCaches(['moblog-client-1'], 'moblog-client-1')).toEqual([])
  })
})
