/**
 * The style of the player. A page changes it with the custom properties that begin with `--moblog-player-`; inside of the
 * client, its tokens apply.
 *
 * The opacity makes browsers cut the corners of the frame as a whole. Otherwise, its background shows through where they are
 * smoothed, as a dark line around a light film.
 */
export const PLAYER_STYLE = `
:host {
  --accent: var(--moblog-player-accent, var(--color-accent-text, #bf4216));
  --accent-ink: var(--moblog-player-accent-ink, var(--color-paper, #fff));
  --ink: var(--moblog-player-ink, var(--color-ink, CanvasText));
  --soft: var(--moblog-player-ink-soft, var(--color-ink-soft, CanvasText));
  --surface: var(--moblog-player-surface, var(--color-sunken, color-mix(in srgb, CanvasText 8%, Canvas)));
  --radius: var(--moblog-player-radius, var(--radius-m, 12px));
  --max-height: var(--moblog-player-max-height, 80vh);
  display: block;
  overflow: hidden;
  border-radius: var(--radius);
  color: var(--ink);
  font: 400 14px/1.4 var(--font, system-ui, sans-serif);
}
@supports (height: 1svh) { :host { --max-height: var(--moblog-player-max-height, 80svh); } }
:host([hidden]), [hidden] { display: none !important; }
*, *::before { box-sizing: border-box; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.player { container-type: inline-size; position: relative; overflow: hidden; border-radius: var(--radius); background: var(--surface); }
.frame { position: relative; background: var(--around, transparent); opacity: .999; }
.around { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; object-fit: cover; filter: blur(16px) brightness(.62); transform: scale(1.15); }
.player:focus-visible { outline-offset: -3px; }
.video { overflow: visible; --accent: #fff; --width: min(100%, calc(var(--max-height) * var(--ratio, 1.7778))); background: none; color: #fff; }
.stage { position: relative; inline-size: 100%; aspect-ratio: var(--ratio, 1.7778); max-block-size: var(--max-height); }
.stage > .layer { position: absolute; inset: 0; inline-size: var(--width, 100%); block-size: 100%; margin-inline: auto; object-fit: contain; }
.around + .video .layer { box-shadow: 0 0 32px rgb(12 10 9 / 50%); }
.placeholder { object-fit: cover !important; }
.audio .stage { display: none; }
.audio.noticed .stage { display: block; aspect-ratio: auto; min-block-size: 88px; }
.big { position: absolute; inset: 0; margin: auto; inline-size: 72px; block-size: 72px; }
.veil { display: grid; place-items: center; border: 0; padding: 0; border-radius: 50%; background: rgb(12 10 9 / 62%); color: #fff; cursor: pointer; touch-action: manipulation; }
.veil svg { inline-size: 32px; block-size: 32px; }
.duration { position: absolute; inset-block-end: 8px; inset-inline-end: 8px; padding: 2px 8px; border-radius: 8px; background: rgb(12 10 9 / 62%); color: #fff; font-variant-numeric: tabular-nums; }
.bar { display: flex; align-items: center; gap: 4px; padding: 4px 8px; direction: ltr; }
.video .bar { position: absolute; inset-inline: 0; inset-block-end: 0; padding-block-start: 32px; background: linear-gradient(transparent, rgb(12 10 9 / 80%)); }
.video.fresh .bar { visibility: hidden; }
.video.calm .bar, .video.calm .big { opacity: 0; }
.video.calm { cursor: none; }
.bar button, .answer { flex: none; display: grid; place-items: center; inline-size: 44px; block-size: 44px; padding: 0; border: 0; border-radius: 50%; background: none; color: inherit; cursor: pointer; touch-action: manipulation; }
.bar button svg, .menu svg { inline-size: 24px; block-size: 24px; }
.seek { position: relative; flex: 1 1 60px; min-inline-size: 44px; block-size: 44px; }
.wave { position: absolute; inset: 4px 0; inline-size: 100%; block-size: 36px; overflow: visible; pointer-events: none; fill: currentcolor; opacity: .32; }
.wave.done { opacity: 1; fill: var(--accent); clip-path: inset(0 calc(100% - var(--done, 0%)) 0 0); }
.seek input { position: absolute; inset: 0; inline-size: 100%; block-size: 44px; margin: 0; background: none; accent-color: var(--accent); cursor: pointer; appearance: none; }
.seek input::-webkit-slider-runnable-track { block-size: 4px; border-radius: 2px; background: var(--track, linear-gradient(to right, var(--accent) var(--done, 0%), color-mix(in srgb, currentcolor 32%, transparent) var(--done, 0%))); }
.seek input::-moz-range-track { block-size: 4px; border-radius: 2px; background: var(--track, color-mix(in srgb, currentcolor 32%, transparent)); }
.seek input::-moz-range-progress { block-size: 4px; border-radius: 2px; background: var(--track, var(--accent)); }
.seek input::-webkit-slider-thumb { appearance: none; inline-size: 16px; block-size: 16px; margin-block-start: -6px; border: 8px solid var(--accent); border-radius: 50%; }
.seek input::-moz-range-thumb { box-sizing: border-box; inline-size: 16px; block-size: 16px; border: 8px solid var(--accent); border-radius: 50%; background: none; }
.waved { --track: none; }
.time { flex: 0 1 auto; font-size: 13px; font-variant-numeric: tabular-nums; text-align: center; }
.menu { position: relative; flex: none; display: grid; place-items: center; inline-size: 44px; block-size: 44px; }
.menu select { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; border: 0; opacity: 0; cursor: pointer; }
.menu select option { background: Canvas; color: CanvasText; }
.menu:focus-within { outline: 3px solid var(--accent); outline-offset: -3px; border-radius: 50%; }
.menu.on { color: var(--accent); }
.video .menu.on { box-shadow: inset 0 -3px #fff; }
progress { flex: none; inline-size: 44px; block-size: 8px; margin-inline: 0; accent-color: var(--accent); }
.bar .got { background: var(--accent); color: var(--accent-ink); }
.video .got { color: #0c0a09; }
.notice { position: absolute; inset: 0; display: grid; align-content: center; justify-items: center; gap: 12px; padding: 16px; background: rgb(12 10 9 / 82%); color: #fff; text-align: center; }
.preparing .notice { background: rgb(12 10 9 / 55%); }
.preparing .big, .video.preparing .bar, .preparing .duration { visibility: hidden; }
.audio .notice { background: none; color: var(--soft); }
.answer { inline-size: auto; padding-inline: 20px; border-radius: 22px; border: 1px solid currentcolor; }
.player:fullscreen { display: grid; align-content: center; inline-size: 100%; border-radius: 0; }
.player:fullscreen .stage { aspect-ratio: auto; block-size: 100vh; max-block-size: none; background: #0c0a09; }
.player:fullscreen .layer { inline-size: 100%; }
.cue { position: absolute; inset-inline: 8px; inset-block-end: 64px; margin: 0; text-align: center; pointer-events: none; white-space: pre-line; }
.cue span { padding: 2px 6px; border-radius: 4px; background: rgb(12 10 9 / 80%); color: #fff; box-decoration-break: clone; -webkit-box-decoration-break: clone; }
@container (max-width: 460px) {
  .bar { gap: 0; padding-inline: 4px; }
  .video .bar { padding-inline: 8px; }
  .video .time { position: absolute; inset-block-end: 48px; inset-inline-start: 16px; }
  .audio .time { margin-inline: 8px; }
  .audio .bar .mute:not(.on) { display: none; }
}
@container (max-width: 340px) {
  .video .bar { flex-wrap: wrap; justify-content: space-between; }
  .video .seek { order: -2; flex-basis: 60%; }
  .video .time { position: static; order: -1; margin-inline-start: 8px; }
  .video .cue { inset-block-end: 104px; }
}
@media (prefers-reduced-motion: no-preference) {
  .bar, .big, .poster { transition: opacity 240ms ease; }
}
@media (forced-colors: active) {
  .seek input::-webkit-slider-runnable-track { background: CanvasText; }
  .seek input::-webkit-slider-thumb { background: Highlight; }
}
`
