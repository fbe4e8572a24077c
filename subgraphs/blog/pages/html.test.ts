import fc from 'fast-check'
import { html } from './html.ts'

describe('markup', () => {
  it('escapes text, in elements and in attributes', () => {
    expect(html`<p title="${'"\''}">${'<script>&'}</p>`.markup).toBe(
      '<p title="&quot;&#39;">&lt;script&gt;&amp;</p>',
    )
  })

  it('keeps markup, joins lists, and shows nothing for nothing', () => {
    expect(html`<ul>${[html`<li>${1}</li>`, '<', null, false]}</ul>`.markup).toBe('<ul><li>1</li>&lt;</ul>')
  })

  it('never lets text close what it stands in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(html`${text}`.markup).not.toMatch(/[<>"']/)
      }),
    )
  })
})
