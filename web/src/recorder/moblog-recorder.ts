import { MoblogRecorder } from './recorder.ts'

customElements.define('moblog-recorder', MoblogRecorder)

declare global {
  interface HTMLElementTagNameMap {
    'moblog-recorder': MoblogRecorder
  }
}
