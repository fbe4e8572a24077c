// The script of every page. Without scripts, a page can still be read and its media can be played and downloaded.

// The server does not know the reader's time zone and renders dates in UTC.
const local = new Intl.DateTimeFormat(document.documentElement.lang, {
  dateStyle: 'medium',
  timeStyle: 'short',
})
for (const time of document.querySelectorAll('time')) time.textContent = local.format(new Date(time.dateTime))

// Its data attributes hold the texts and addresses that this script needs.
const script = document.querySelector('script[data-hls]')

// The browser may have kept what it has played. Only the server knows whether the reader may still have it.
const UNCACHED = { credentials: 'omit', cache: 'no-store' }

/** Plays streams where the browser can, and downloads with a progress bar that ends in a play button. */
class MoblogPlayer extends HTMLElement {
  connectedCallback() {
    const media = this.querySelector('video, audio')
    const link = this.querySelector('a[download]')
    const stream = this.getAttribute('stream')
    const file = media.querySelector('source').src
    // Shows a failure only if no other source is left to try. The error event of a source element does not bubble, so
    // this listens in the capture phase.
    const failed = () => ['', file].includes(media.src) && void this.showFailure(media, file)
    media.addEventListener('error', failed, { capture: true })
    if (stream) streamInto(media, stream, file)
    link.addEventListener('click', (event) => {
      event.preventDefault()
      void this.download(link, media)
    })
  }

  async download(link, media) {
    const progress = document.createElement('progress')
    progress.setAttribute('aria-label', link.getAttribute('aria-label'))
    const hadFocus = document.activeElement === link
    link.replaceWith(progress)
    try {
      const response = await fetch(link.href, UNCACHED)
      if (response.status === 403) return this.showNotice(media, script.dataset.gone)
      const address = URL.createObjectURL(await receive(response, progress))
      const button = this.playButton(media, address)
      progress.replaceWith(button)
      if (hadFocus) button.focus({ preventScroll: true })
    } catch {
      // The browser can still download by following the link.
      progress.replaceWith(link)
      location.assign(link.href)
    }
  }

  /** Shows why nothing plays. The usual reason is that the addresses expired while the page was open. */
  async showFailure(media, file) {
    const response = await fetch(file, { ...UNCACHED, method: 'HEAD' }).catch(() => null)
    this.showNotice(media, response?.status === 403 ? script.dataset.gone : script.dataset.failed)
  }

  showNotice(media, text) {
    const notice = document.createElement('p')
    notice.className = 'soft gone'
    notice.setAttribute('role', 'alert')
    notice.textContent = text
    media.nextElementSibling.replaceWith(notice)
  }

  playButton(media, address) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'button'
    button.textContent = this.getAttribute('play')
    button.setAttribute('aria-label', `${button.textContent}: ${media.getAttribute('aria-label')}`)
    button.addEventListener('click', () => {
      media.dispatchEvent(new Event('moblog-source'))
      playFile(media, address)
    })
    return button
  }
}

/** Plays a stream natively or with hls.js. If that fails, it plays the file. */
function streamInto(media, stream, file) {
  const isNative = media.canPlayType('application/vnd.apple.mpegurl') !== ''
  if (!isNative && !('MediaSource' in window || 'ManagedMediaSource' in window)) return
  const ended = new AbortController()
  // From then on, the downloaded file is played.
  media.addEventListener('moblog-source', () => ended.abort(), { once: true })
  // Loads hls.js only when the reader is about to play: most readers play few of the media on a page.
  if (!isNative) media.addEventListener('pointerdown', () => void loadHls().catch(() => {}), { once: true })
  const start = isNative ? playNatively : playWithHls
  media.addEventListener(
    'play',
    () => {
      start(media, stream, ended.signal).catch(() => {
        if (!ended.signal.aborted) playFile(media, file)
      })
    },
    { once: true, signal: ended.signal },
  )
}

/** Resolves at the end of the media; rejects if the stream fails, at the start or later. */
async function playNatively(media, stream) {
  const failed = new Promise((_resolve, reject) => {
    media.addEventListener('error', reject, { once: true })
  })
  putSource(media, stream)
  await Promise.all([media.play(), Promise.race([failed, once(media, 'ended')])])
}

async function playWithHls(media, stream, signal) {
  // Otherwise the browser would load the file as well.
  media.querySelector('source').remove()
  media.load()
  const { default: Hls } = await loadHls()
  if (signal.aborted) return
  // The page's Content-Security-Policy forbids workers. A stream that is still growing starts at its beginning.
  const hls = new Hls({ enableWorker: false, startPosition: 0, capLevelToPlayerSize: true })
  try {
    const failed = new Promise((_resolve, reject) => {
      hls.on(Hls.Events.ERROR, (_name, { fatal, error }) => fatal && reject(error))
    })
    hls.loadSource(stream)
    hls.attachMedia(media)
    await Promise.race([failed, once(signal, 'abort'), media.play().then(() => once(media, 'ended'))])
  } catch (error) {
    hls.destroy()
    throw error
  }
  if (signal.aborted) hls.destroy()
}

const once = (target, name) =>
  new Promise((resolve) => target.addEventListener(name, resolve, { once: true }))

let hls
function loadHls() {
  hls ??= import(new URL(script.dataset.hls, document.baseURI).href)
  return hls
}

function putSource(media, address) {
  media.querySelector('source')?.remove()
  media.src = address
}

function playFile(media, address) {
  const at = media.currentTime
  putSource(media, address)
  if (at > 0) media.currentTime = at
  media.play().catch(() => {})
}

async function receive(response, progress) {
  if (!response.ok || !response.body) throw new Error(`status ${response.status}`)
  progress.max = Number(response.headers.get('content-length')) || 1
  progress.value = 0
  const parts = []
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read()
    if (done) return new Blob(parts, { type: response.headers.get('content-type') ?? '' })
    parts.push(value)
    progress.value += value.length
  }
}

customElements.define('moblog-player', MoblogPlayer)
