import { ownPage } from './own-page.ts'

const answer =
  (text: string, status = 200) =>
  async () =>
    new Response(text, { status })

describe('the start page that a service worker keeps', () => {
  it('loads the script of its version', async () => {
    const page = await ownPage(answer('<script src="./files/index.new.js">'), 'files/index.new.js')
    expect(await page.text()).toContain('index.new.js')
  })

  it.each([
    ['is of another version', answer('<script src="./files/index.old.js">')],
    ['is the page of a proxy', answer('Sign in to this network')],
    ['is an error', answer('files/index.new.js', 503)],
  ])('is not kept if it %s', async (_what, fetchPage) => {
    await expect(ownPage(fetchPage, 'files/index.new.js')).rejects.toThrow('does not belong')
  })
})
