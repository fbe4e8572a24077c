import type { ApolloServerPlugin } from '@apollo/server'
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default'

// Runs after the script of Apollo Sandbox. If that script could not be loaded, the class is missing.
const FALLBACK = `if (!window.EmbeddedSandbox) location.replace(location.pathname.replace(/\\/$/, '') + '/explorer')`

/** Creates the landing page for development: Apollo Sandbox, or the explorer of our own without internet. */
export function sandboxOrExplorer(): ApolloServerPlugin {
  const sandbox = ApolloServerPluginLandingPageLocalDefault({ footer: false })
  return {
    async serverWillStart(service) {
      const listener = await sandbox.serverWillStart?.(service)
      const page = await listener?.renderLandingPage?.()
      if (!page) return
      const { html } = page
      return {
        renderLandingPage: async () => ({
          html: async () => withFallback(typeof html === 'string' ? html : await html()),
        }),
      }
    },
  }
}

function withFallback(html: string): string {
  const nonce = /<script nonce="(\w+)"/.exec(html)?.[1]
  if (nonce === undefined) return html
  return html.replace('</body>', `<script nonce="${nonce}">${FALLBACK}</script></body>`)
}
