// What <moblog-recorder> does on one's own page. It asks the app that shows the page to record: by an event that its
// web view hears; where nobody hears it, the browser records; where it can't, the link itself is followed.

const TYPES = {
  video: ['video/mp4;codecs=avc1.42E01F,mp4a.40.2', 'video/mp4', 'video/webm;codecs=vp9,opus', 'video/webm'],
  audio: ['audio/mp4;codecs=mp4a.40.2', 'audio/mp4', 'audio/webm;codecs=opus', 'audio/webm'],
}

class MoblogRecorder extends HTMLElement {
  connectedCallback() {
    this.addEventListener('click', (event) => {
      const link = event.target.closest('a[data-kind]')
      if (!link) return
      const { kind } = link.dataset
      // Whoever records calls preventDefault.
      const isTaken = !this.tell('moblog-record', { kind })
      const records = !isTaken && navigator.mediaDevices && 'MediaRecorder' in window
      if (isTaken || records) event.preventDefault()
      if (records) void this.record(kind)
    })
  }

  tell(name, detail) {
    return this.dispatchEvent(
      new CustomEvent(name, { bubbles: true, composed: true, cancelable: true, detail }),
    )
  }

  word(name) {
    return this.getAttribute(name) ?? ''
  }

  /** Records until the user confirms or the time limit is reached, and hands over what was recorded. */
  async record(kind) {
    this.result?.remove()
    this.setBusy(true)
    const panel = make('div', {})
    const status = make('p', { role: 'status' })
    panel.append(status)
    this.append(panel)
    let stream
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: kind === 'video' })
    } catch {
      status.textContent = this.word('refused')
      this.finish(panel)
      return
    }
    try {
      const { blob, seconds } = await this.recordStream(kind, stream, panel, status)
      panel.replaceChildren()
      if (this.tell('moblog-recorded', { kind, blob, seconds })) this.offer(kind, blob, panel)
    } catch {
      status.textContent = this.word('refused')
      panel.replaceChildren(status)
    } finally {
      for (const track of stream.getTracks()) track.stop()
      this.finish(panel)
    }
  }

  recordStream(kind, stream, panel, status) {
    const mimeType = TYPES[kind].find((type) => MediaRecorder.isTypeSupported(type))
    const recorder = new MediaRecorder(stream, mimeType ? { mimeType } : {})
    const parts = []
    const started = performance.now()
    const elapsed = () => (performance.now() - started) / 1000
    const clock = make('span', { role: 'timer' })
    const stop = make('button', { type: 'button', className: 'button' }, this.word('stop'))
    const end = () => recorder.state !== 'inactive' && recorder.stop()
    const limit = Number(this.getAttribute('limit')) || 300
    const show = () => {
      clock.textContent = ` ${clockTime(elapsed())} / ${clockTime(limit)}`
    }
    stop.addEventListener('click', end)
    recorder.addEventListener('dataavailable', ({ data }) => parts.push(data))
    return new Promise((resolve, reject) => {
      recorder.addEventListener('error', ({ error }) => reject(error))
      recorder.addEventListener('stop', () => {
        clearInterval(ticking)
        clearTimeout(limiting)
        resolve({ blob: new Blob(parts, { type: recorder.mimeType }), seconds: elapsed() })
      })
      recorder.start()
      const ticking = setInterval(show, 1_000)
      const limiting = setTimeout(end, limit * 1_000)
      status.textContent = this.word('recording')
      show()
      panel.append(clock)
      if (kind === 'video') {
        const preview = make('video', { muted: true, playsInline: true, autoplay: true, srcObject: stream })
        preview.setAttribute('aria-label', this.word('recording'))
        panel.append(preview)
      }
      panel.append(stop)
      stop.focus()
    })
  }

  /** Nobody took the recording, and the page itself may change nothing: it can be played and saved. */
  offer(kind, blob, panel) {
    const address = URL.createObjectURL(blob)
    const player = make(kind, { controls: true, playsInline: true, src: address })
    player.setAttribute('aria-label', this.word('recorded'))
    const save = make('a', { className: 'button', href: address }, this.word('save'))
    save.download = `moblog.${blob.type.includes('mp4') ? 'mp4' : 'webm'}`
    panel.append(make('p', { role: 'status' }, this.word('recorded')), player, save)
    save.focus({ preventScroll: true })
  }

  finish(panel) {
    this.result = panel
    this.setBusy(false)
  }

  setBusy(isBusy) {
    for (const link of this.querySelectorAll('a[data-kind]')) link.hidden = isBusy
  }
}

function make(name, properties, text = '') {
  const { role, ...rest } = properties
  const element = Object.assign(document.createElement(name), rest)
  if (role) element.setAttribute('role', role)
  if (text) element.textContent = text
  return element
}

function clockTime(seconds) {
  const whole = Math.floor(seconds)
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}

customElements.define('moblog-recorder', MoblogRecorder)
