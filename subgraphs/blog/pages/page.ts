import type { VisiblePost } from '../posts/visible-post.ts'
import { type Html, html } from './html.ts'

/** What a moblog's page shows. */
export type Page = {
  title: string
  about: string | null
  posts: readonly VisiblePost[]
  /** Where older posts are; null on the last page. */
  nextCursor: string | null
}

/** A moblog's page for small screens (spec B4), readable without scripts. */
export function renderPage({ title, about, posts, nextCursor }: Page): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title || 'Moblog'}</title>
<style>
body { font: 1.125rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 0 auto; padding: 1rem }
p { white-space: pre-wrap; overflow-wrap: anywhere }
a { display: inline-block; padding: .75rem 0 }
</style>
</head>
<body>
<header><h1 dir="auto">${title || 'Moblog'}</h1>${about !== null && html`<p dir="auto">${about}</p>`}</header>
<main>${posts.length > 0 ? posts.map(renderPost) : html`<p>There is nothing here yet.</p>`}</main>
${nextCursor !== null && html`<nav><a rel="next" href="?after=${encodeURIComponent(nextCursor)}">Older posts</a></nav>`}
</body>
</html>
`
}

function renderPost({ id, text, publishedAt }: VisiblePost): Html {
  const instant = publishedAt.toISOString()
  return html`<article id="${id}">
<time datetime="${instant}">${instant.slice(0, 10)}</time>
${text !== '' && html`<p dir="auto">${text}</p>`}
</article>
`
}
