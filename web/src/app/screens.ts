import { html, type TemplateResult } from 'lit'
import { readSession } from '../data/session-store.ts'
import type { Route } from './routes.ts'

/**
 * Shows the screen of a route, and loads its code when it is shown for the first time.
 *
 * @param onLost is called if the code could not be loaded
 */
export function screenOf(route: Route, onLost: () => void): TemplateResult {
  const load = (code: Promise<unknown>) => void code.catch(onLost)
  switch (route.name) {
    case 'home':
      load(import('../screens/home/home-screen.ts'))
      return html`<moblog-home-screen></moblog-home-screen>`
    case 'discover':
      load(import('../screens/discover/discover-screen.ts'))
      return html`<moblog-discover-screen></moblog-discover-screen>`
    case 'inbox':
      load(import('../screens/inbox/inbox-screen.ts'))
      return html`<moblog-inbox-screen></moblog-inbox-screen>`
    case 'friends':
      load(import('../screens/friends/friends-screen.ts'))
      return html`<moblog-friends-screen></moblog-friends-screen>`
    case 'write':
    case 'edit':
      load(import('../screens/write/write-screen.ts'))
      return html`<moblog-write-screen .postId=${'id' in route ? route.id : null}></moblog-write-screen>`
    case 'me':
    case 'moblog':
      load(import('../screens/moblog/moblog-screen.ts'))
      return html`<moblog-moblog-screen .userId=${'id' in route ? route.id : (readSession()?.userId ?? '')}></moblog-moblog-screen>`
    case 'post':
      load(import('../screens/post/post-screen.ts'))
      return html`<moblog-post-screen .postId=${route.id}></moblog-post-screen>`
    case 'tag':
      load(import('../screens/tag/tag-screen.ts'))
      return html`<moblog-tag-screen .tag=${route.id}></moblog-tag-screen>`
    case 'lists':
      load(import('../screens/lists/lists-screen.ts'))
      return html`<moblog-lists-screen .listId=${route.id}></moblog-lists-screen>`
    case 'settings':
      load(import('../screens/settings/settings-screen.ts'))
      return html`<moblog-settings-screen .section=${route.part}></moblog-settings-screen>`
  }
}
