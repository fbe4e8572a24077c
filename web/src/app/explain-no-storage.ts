// Imports nothing: the file with the language and the catalogue of texts is the one that has just failed.
const TEXTS = {
  en: 'Moblog cannot start, because this browser does not let it store anything. Allow cookies and site data for this address, then load the page again.',
  'zh-Hans':
    'Moblog 无法启动，因为浏览器不允许它保存数据。请允许此网址使用 Cookie 和网站数据，然后重新加载页面。',
}

/** Says in the place of the app why it cannot start, in all languages: the one that the user has chosen cannot be read. */
export function explainNoStorage(): void {
  const notice = document.createElement('div')
  notice.className = 'lost'
  notice.role = 'alert'
  for (const [lang, text] of Object.entries(TEXTS))
    notice.append(Object.assign(document.createElement('p'), { lang, textContent: text }))
  document.querySelector('moblog-app')?.replaceWith(notice)
}
