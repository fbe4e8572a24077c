import { newId } from '../../../platform/ids.ts'
import { type BlogUnderTest, startBlogUnderTest } from '../../../testing/blog/blog.ts'

const UPDATE = `mutation ($input: UpdateMoblogInput!) {
  updateMoblog(input: $input) {
    __typename
    ... on UpdateMoblogPayload { moblog { id title about } }
    ... on Failure { code }
    ... on InvalidInput { field }
  }
}`

let blog: BlogUnderTest
let owner: string

beforeAll(async () => {
  blog = await startBlogUnderTest()
})
afterAll(() => blog.stop())
beforeEach(() => {
  owner = newId()
})

async function update(input: object, viewerId: string | null = owner) {
  return (await blog.ask<{ updateMoblog: object }>(viewerId, UPDATE, { input })).updateMoblog
}

describe('updateMoblog', () => {
  it('changes only the given fields', async () => {
    const moblog = (title: string, about: string | null) => ({ moblog: { id: owner, title, about } })
    expect(await update({ title: ' 我的\n博客 ' })).toMatchObject(moblog('我的 博客', null))
    expect(await update({ about: 'Line\nby line ' })).toMatchObject(moblog('我的 博客', 'Line\nby line'))
    expect(await update({ title: '', about: null })).toMatchObject(moblog('', 'Line\nby line'))
    expect(await update({ about: ' ' })).toMatchObject(moblog('', null))
    expect(await update({})).toMatchObject(moblog('', null))
  })

  it('is refused to signed-out users and for texts that are too long', async () => {
    expect(await update({ title: 'x' }, null)).toMatchObject({ code: 'NOT_ALLOWED' })
    expect(await update({ title: 'x'.repeat(101) })).toMatchObject({ field: 'input.title' })
    expect(await update({ about: 'x'.repeat(1_001) })).toMatchObject({ field: 'input.about' })
  })
})
