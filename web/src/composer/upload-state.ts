import { html, nothing, type TemplateResult } from 'lit'
import { appUploads } from '../uploads/app-uploads.ts'
import { explainFailure, type NextStep } from '../uploads/explain-failure.ts'
import { words as uploadWords } from '../uploads/messages.ts'
import type { Upload } from '../uploads/uploads.ts'
import { words } from './messages.ts'
import { uploadStatus } from './upload-status.ts'

/** Shows how an upload is going, and if it has failed why and what to do next. */
export function uploadState(upload: Upload): TemplateResult {
  const { state, progress, failure, name, isKept, id } = upload
  const explained = failure && explainFailure(failure)
  const isSending = state === 'SENDING' || state === 'PAUSED' || state === 'OFFLINE'
  return html`
    <p class="state">${uploadStatus(upload)}</p>
    ${
      isSending
        ? html`<progress
            aria-label=${words().progressOf(name)}
            max="1"
            value=${progress ?? nothing}
          ></progress>`
        : nothing
    }
    ${isKept ? nothing : html`<p class="note">${words().notKept}</p>`}
    ${
      explained
        ? html`<p class="error" role="alert">${explained.text}</p>
            ${nextStep(id, explained.nextStep, explained.action)}`
        : nothing
    }
  `
}

function nextStep(id: string, step: NextStep, action: string): TemplateResult | typeof nothing {
  const link = (address: string) => html`<a class="button plain" href=${address}>${action}</a>`
  const retry = (label: string) =>
    html`<button class="button plain" type="button" @click=${() => appUploads().resume(id)}>${label}</button>`
  if (step === 'FREE_SPACE') return html`${link('#/settings/storage')} ${retry(uploadWords().tryAgain)}`
  if (step === 'SIGN_IN') return link('#/')
  if (step === 'TRY_AGAIN') return retry(action)
  if (step === 'CHOOSE_AGAIN')
    return html`<label class="button plain">
      ${action}<input class="only-heard" type="file" @change=${(event: Event) => giveFile(id, event)} />
    </label>`
  // The explanation says so already.
  if (step === 'CHOOSE_ANOTHER') return nothing
  return action === '' ? nothing : html`<p class="note">${action}</p>`
}

function giveFile(id: string, { target }: Event): void {
  const file = target instanceof HTMLInputElement ? target.files?.[0] : null
  if (file) appUploads().giveFile(id, file)
}
