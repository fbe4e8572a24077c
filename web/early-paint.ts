import type { Plugin } from 'vite'

const STYLE = /\n\s*<link rel="stylesheet"[^>]*>/

/**
 * Moves the style sheet behind what index.html shows at the start. In the head, nothing would be painted before it has
 * arrived. The app waits for it nevertheless.
 */
export function earlyPaint(): Plugin {
  return {
    name: 'moblog-early-paint',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html) {
        const link = STYLE.exec(html)?.[0]
        if (link === undefined) throw new Error('index.html has no style sheet.')
        return html.replace(link, '').replace('\n    </moblog-app>', `\n    </moblog-app>${link}`)
      },
    },
  }
}
