import { ICONS } from './icons.ts'
import { PLAYER_STYLE } from './player-style.ts'

// The Content-Security-Policy of a page may forbid style elements, but not style sheets that a script constructs.
let sheet: CSSStyleSheet | undefined

const MARKUP = `
<div class="frame">
<canvas class="around" width="1" height="1" aria-hidden="true" hidden></canvas>
<div class="player" part="player" role="group" tabindex="0">
  <div class="stage" part="stage">
    <canvas class="layer placeholder" width="1" height="1" aria-hidden="true" hidden></canvas>
    <img class="layer poster" alt="" hidden>
    <p class="cue" dir="auto" hidden><span></span></p>
    <button class="veil big" type="button" data-do="toggle"></button>
    <span class="duration" aria-hidden="true" hidden></span>
    <div class="notice" role="status" hidden><span></span><button class="answer" type="button" data-do="retry" hidden></button></div>
  </div>
  <div class="bar" part="bar">
    <button type="button" data-do="toggle" class="small"></button>
    <div class="seek">
      <svg class="wave" preserveAspectRatio="none" aria-hidden="true" hidden><path/></svg>
      <svg class="wave done" preserveAspectRatio="none" aria-hidden="true" hidden><path/></svg>
      <input type="range" min="0" max="0" step="any" value="0">
    </div>
    <span class="time" aria-hidden="true">0:00</span>
    <span class="menu" hidden>${ICONS.captions}<select></select></span>
    <button type="button" data-do="download">${ICONS.download}</button>
    <progress hidden></progress>
    <button type="button" data-do="playDownload" class="got" hidden>${ICONS.play}</button>
    <button type="button" data-do="mute" class="mute">${ICONS.sound}</button>
    <button type="button" data-do="fullscreen">${ICONS.larger}</button>
  </div>
</div>
</div>`

/** The parts of a player's shadow tree. */
export type PlayerParts = ReturnType<typeof playerParts>

/** Fills a shadow tree with the parts of a player. */
export function playerParts(root: ShadowRoot) {
  if (!sheet) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(PLAYER_STYLE)
  }
  root.adoptedStyleSheets = [sheet]
  root.innerHTML = MARKUP
  const part = <Kind extends Element>(selector: string, kind: new () => Kind): Kind => {
    const found = root.querySelector(selector)
    if (found instanceof kind) return found
    throw new Error(`the player has no ${selector}`)
  }
  return {
    player: part('.player', HTMLElement),
    frame: part('.frame', HTMLElement),
    around: part('.around', HTMLCanvasElement),
    stage: part('.stage', HTMLElement),
    placeholder: part('.placeholder', HTMLCanvasElement),
    poster: part('.poster', HTMLImageElement),
    big: part('.big', HTMLButtonElement),
    small: part('.small', HTMLButtonElement),
    duration: part('.duration', HTMLElement),
    cue: part('.cue', HTMLElement),
    cueText: part('.cue span', HTMLElement),
    notice: part('.notice', HTMLElement),
    noticeText: part('.notice span', HTMLElement),
    answer: part('.answer', HTMLButtonElement),
    seek: part('.seek', HTMLElement),
    slider: part('.seek input', HTMLInputElement),
    waves: [...root.querySelectorAll<SVGSVGElement>('.wave')],
    time: part('.time', HTMLElement),
    captions: part('.menu', HTMLElement),
    captionsMenu: part('.menu select', HTMLSelectElement),
    download: part('[data-do=download]', HTMLButtonElement),
    progress: part('progress', HTMLProgressElement),
    playDownload: part('[data-do=playDownload]', HTMLButtonElement),
    mute: part('[data-do=mute]', HTMLButtonElement),
    fullscreen: part('[data-do=fullscreen]', HTMLButtonElement),
  }
}
