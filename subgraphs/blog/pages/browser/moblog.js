// What the agreed tags do on a page that has scripts. Without them the page plays and downloads all the same.

/** Streams where the browser can, and downloads with a progress bar and a play button at its end. */
class MoblogPlayer extends HTMLElement {
  connectedCallback() {
    const media = this.querySelector('video, audio')
    const link = this.querySelector('a[download]')
    const stream = this.getAttribute('stream')
    if (media && stream && media.canPlayType('application/vnd.apple.mpegurl')) {
      media.querySelector('source')?.remove()
      media.src = stream
    }
    link?.addEventListener('click', (event) => {
      event.preventDefault()
      void this.download(link, media)
    })
  }

  async download(link, media) {
    const progress = document.createElement('progress')
    progress.setAttribute('aria-label', link.textContent)
    link.replaceWith(progress)
    try {
      const address = URL.createObjectURL(await receive(link.href, progress))
      progress.replaceWith(media ? this.playButton(media, address) : '')
      if (!media) save(address, link.getAttribute('download'))
    } catch {
      // The plain link does it without us.
      progress.replaceWith(link)
      location.assign(link.href)
    }
  }

  playButton(media, address) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'button'
    button.textContent = this.getAttribute('play')
    button.addEventListener('click', () => {
      media.querySelector('source')?.remove()
      media.src = address
      void media.play()
    })
    return button
  }
}

async function receive(address, progress) {
  const response = await fetch(address, { credentials: 'omit' })
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

function save(address, name) {
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
}

/** Asks the app that shows the page to record: by an event that its web view hears, else by the link itself. */
class MoblogRecorder extends HTMLElement {
  connectedCallback() {
    this.addEventListener('click', (event) => {
      const link = event.target.closest('a[data-kind]')
      if (!link) return
      const asked = new CustomEvent('moblog-record', {
        bubbles: true,
        composed: true,
        cancelable: true,
        detail: { kind: link.dataset.kind },
      })
      // Whoever records calls preventDefault.
      if (!this.dispatchEvent(asked)) event.preventDefault()
    })
  }
}

customElements.define('moblog-player', MoblogPlayer)
customElements.define('moblog-recorder', MoblogRecorder)
