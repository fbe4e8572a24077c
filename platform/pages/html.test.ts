import fc from 'fast-check'
import { html } from './html.ts'

describe('the html tag', () => {
  it('escapes text in elements and in attributes', () => {
    expect(html`<p title="${'"\''}">${'<script>&'}</p>`.markup).toBe(
      '<p title="&quot;&#39;">&lt;script&gt;&amp;</p>',
    )
  })

  it('keeps nested markup, joins lists and renders null and false as nothing', () => {
    expect(html`<ul>${[html`<li>${1}</li>`, '<', null, false]}</ul>`.markup).toBe('<ul><li>1</li>&lt;</ul>')
  })

  it('escapes every character that could close an element or an attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(html`${text}`.markup).not.toMatch(/[<>"']/)
      }),
    )
  })
})
