import { linkToPost } from './post-link.ts'

const author = { handle: 'mei.lin' }

describe('the link to a post', () => {
  it('leads to the public page of a post for everybody, below the address of the client', () => {
    expect(linkToPost({ id: '7', audience: 'PUBLIC', author }, 'https://example.org/moblog/#/')).toBe(
      'https://example.org/moblog/@mei.lin/7',
    )
  })

  it.each(['FRIENDS', 'ONLY_ME', 'ONLY_LIST', 'EXCEPT_LIST'] as const)(
    'leads into the client for the audience %s',
    (audience) => {
      expect(linkToPost({ id: '7', audience, author }, 'https://example.org/moblog/')).toBe(
        'https://example.org/moblog/#/post/7',
      )
    },
  )

  it('leads into the client if the author is unknown', () => {
    expect(linkToPost({ id: '7', audience: 'PUBLIC', author: null }, 'https://example.org/')).toBe(
      'https://example.org/#/post/7',
    )
  })
})
