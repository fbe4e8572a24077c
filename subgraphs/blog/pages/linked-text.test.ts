import fc from 'fast-check'
import { linkedText } from './linked-text.ts'

const link = (address: string) => `<a href="${address}" rel="noopener noreferrer nofollow ugc">${address}</a>`

describe('addresses in a text', () => {
  it('become links without the punctuation that ends the sentence', () => {
    expect(linkedText('See (https://a.example/b?c=1#d), or HTTP://x.example!').markup).toBe(
      `See (${link('https://a.example/b?c=1#d')}), or ${link('HTTP://x.example')}!`,
    )
    expect(linkedText('看https://a.example/b。好').markup).toBe(`看${link('https://a.example/b')}。好`)
  })

  it('keep brackets and apostrophes that belong to them', () => {
    const whole = [
      'https://a.example/wiki/Solid_(project)',
      'https://a.example/api#isUser()',
      'https://a.example/パス_(曖昧さ回避)',
      'https://a.example/q?ids[]=1&ids[]',
    ]
    for (const address of whole) {
      expect(linkedText(`(see ${address}).`).markup).toBe(`(see ${link(address.replaceAll('&', '&amp;'))}).`)
    }
    expect(linkedText("https://a.example/Rock_'n'_Roll, 'https://a.example/b'").markup).toMatch(
      /^<a href="https:\/\/a\.example\/Rock_&#39;n&#39;_Roll".*<\/a>, &#39;<a href="https:\/\/a\.example\/b".*<\/a>&#39;$/,
    )
  })

  it('are escaped, and become links only with http and https', () => {
    expect(linkedText('https://a.example/?a=1&b=2').markup).toBe(link('https://a.example/?a=1&amp;b=2'))
    expect(linkedText('javascript:alert(1) data:text/html,x https:// http://[').markup).not.toContain('<a')
  })

  it('never let markup through, for any surrounding text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.webUrl(), fc.constant('https://a"onclick=<b>'))),
        (parts) => {
          const { markup } = linkedText(parts.join(' '))
          const rest = markup.replace(
            /<a href="[^"<>]*" rel="noopener noreferrer nofollow ugc">[^<>]*<\/a>/g,
            '',
          )
          expect(rest).not.toMatch(/[<>"]/)
        },
      ),
    )
  })
})
