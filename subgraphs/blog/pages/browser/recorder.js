// The script of <moblog-recorder>, which only the owner's page contains. It asks the app that shows the page to record,
// with an event that the app's web view can cancel. Without such an app the browser records. If the browser cannot
// record, it follows the link.

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
      // An app that records calls preventDefault.
      const isTaken = !this.dispatch('moblog-record', { kind })
      const records = !isTaken && navigator.mediaDevices && 'MediaRecorder' in window
      if (isTaken || records) event.preventDefault()
      if (records) void this.record(kind, link.textContent)
    })
  }

  dispatch(name, detail) {
    return this.dispatchEvent(
      new CustomEvent(name, { bubbles: true, composed: true, cancelable: true, detail }),
    )
  }

  word(name) {
    return this.getAttribute(name) ?? ''
  }

  /** Records until the user confirms or the time limit is reached, and offers the recording to the app. */
  async record(kind, label) {
    const dialog = make('dialog', {})
    dialog.setAttribute('aria-label', label)
    const closed = new AbortController()
    dialog.addEventListener('close', () => {
      closed.abort()
      dialog.remove()
    })
    this.append(dialog)
    show(dialog, this.word('asking'), [], [this.closeButton(dialog)])
    dialog.showModal()
    let stream
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: kind === 'video' })
      const recording = await this.recordStream(kind, stream, dialog, closed.signal)
      if (closed.signal.aborted) return
      if (this.dispatch('moblog-recorded', { kind, ...recording })) this.offer(kind, recording.blob, dialog)
      else dialog.close()
    } catch {
      if (!closed.signal.aborted) show(dialog, this.word('refused'), [], [this.closeButton(dialog)])
    } finally {
      for (const track of stream?.getTracks() ?? []) track.stop()
    }
  }

  recordStream(kind, stream, dialog, closed) {
    const mimeType = TYPES[kind].find((type) => MediaRecorder.isTypeSupported(type))
    const recorder = new MediaRecorder(stream, mimeType ? { mimeType } : {})
    const parts = []
    const started = performance.now()
    const elapsed = () => (performance.now() - started) / 1000
    const limit = Number(this.getAttribute('limit')) || 300
    const clock = make('p', { role: 'timer' })
    const tick = () => {
      clock.textContent = `${clockTime(elapsed())} / ${clockTime(limit)}`
    }
    const end = () => recorder.state !== 'inactive' && recorder.stop()
    // The back button of a phone must not discard a recording.
    const keep = (event) => event.preventDefault()
    return new Promise((resolve, reject) => {
      if (closed.aborted) return reject(closed.reason)
      const ticking = setInterval(tick, 500)
      const limiting = setTimeout(end, limit * 1_000)
      recorder.addEventListener('dataavailable', ({ data }) => parts.push(data))
      recorder.addEventListener('error', ({ error }) => reject(error))
      recorder.addEventListener('stop', () => {
        clearInterval(ticking)
        clearTimeout(limiting)
        dialog.removeEventListener('cancel', keep)
        resolve({ blob: new Blob(parts, { type: recorder.mimeType }), seconds: elapsed() })
      })
      closed.addEventListener('abort', end)
      dialog.addEventListener('cancel', keep)
      recorder.start()
      tick()
      const stop = make('button', { type: 'button', className: 'button' }, this.word('stop'))
      stop.addEventListener('click', end)
      show(dialog, this.word('recording'), kind === 'video' ? [this.preview(stream), clock] : [clock], [stop])
      stop.focus()
    })
  }

  preview(stream) {
    const preview = make('video', { muted: true, playsInline: true, autoplay: true, srcObject: stream })
    preview.setAttribute('aria-label', this.word('recording'))
    return preview
  }

  /** Lets the user play and save a recording that no app has taken. The page itself cannot upload it. */
  offer(kind, blob, dialog) {
    const address = URL.createObjectURL(blob)
    const player = make(kind, { controls: true, playsInline: true, src: address })
    player.setAttribute('aria-label', this.word('recorded'))
    const save = make('a', { className: 'button', href: address }, this.word('save'))
    save.download = `moblog.${blob.type.includes('mp4') ? 'mp4' : 'webm'}`
    dialog.addEventListener('close', () => URL.revokeObjectURL(address))
    show(dialog, this.word('recorded'), [player], [save, this.closeButton(dialog)])
    save.focus()
  }

  closeButton(dialog) {
    const button = make('button', { type: 'button', className: 'button' }, this.word('close'))
    button.addEventListener('click', () => dialog.close())
    return button
  }
}

/** Replaces the step of a recording that is shown. The status element stays, so that screen readers announce changes. */
function show(dialog, text, stage, controls) {
  const status = dialog.firstChild ?? make('p', { role: 'status' })
  if (!status.parentNode) dialog.append(status)
  status.textContent = text
  while (status.nextSibling) status.nextSibling.remove()
  const [middle, bar] = [make('div', { className: 'stage' }), make('div', {})]
  middle.append(...stage)
  bar.append(...controls)
  dialog.append(middle, bar)
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
