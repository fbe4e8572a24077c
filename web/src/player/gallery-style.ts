/**
 * The style of the gallery: a row of photos to swipe through, and a dialog that shows one of them larger. For the opacity of
 * a photo, see player-style.ts.
 */
export const GALLERY_STYLE = `
:host { display: block; position: relative; font: 400 14px/1.4 var(--font, system-ui, sans-serif); }
*, *::before { box-sizing: border-box; }
[hidden] { display: none !important; }
:focus-visible { outline: 3px solid var(--moblog-player-accent, var(--color-accent-text, #bf4216)); outline-offset: -3px; }
.row { display: flex; overflow-x: auto; scroll-snap-type: x mandatory; scrollbar-width: none; overscroll-behavior-x: contain; border-radius: var(--moblog-player-radius, var(--radius-m, 12px)); }
.row::-webkit-scrollbar { display: none; }
.photo { position: relative; flex: 0 0 100%; scroll-snap-align: center; scroll-snap-stop: always; inline-size: 100%; padding: 0; border: 0; background: var(--colour, var(--moblog-player-surface, var(--color-sunken, #8882))); cursor: zoom-in; aspect-ratio: var(--ratio, 1); min-block-size: 44px; max-block-size: var(--moblog-player-max-height, 80vh); overflow: hidden; opacity: .999; }
.photo canvas, .photo img { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; object-fit: contain; }
.photo canvas { object-fit: cover; }
@media (min-width: 900px) {
  .photo canvas { filter: blur(16px) brightness(.62); transform: scale(1.15); }
  .photo img { filter: drop-shadow(0 0 16px rgb(12 10 9 / 50%)); }
}
.dots { display: flex; justify-content: center; gap: 6px; padding-block: 8px 0; }
.dots span { inline-size: 6px; block-size: 6px; border-radius: 50%; background: currentcolor; opacity: .3; }
.dots span.now { opacity: 1; }
.move { position: absolute; inset-block: 0; margin-block: auto; display: none; place-items: center; inline-size: 44px; block-size: 44px; padding: 0; border: 0; border-radius: 50%; background: rgb(12 10 9 / 62%); color: #fff; cursor: pointer; }
.move.back { inset-inline-start: 8px; }
.move.on { inset-inline-end: 8px; }
.move svg { inline-size: 24px; block-size: 24px; }
.back svg, :host(:dir(rtl)) .move { transform: scaleX(-1); }
@media (hover: hover) { .move { display: grid; } }
dialog { position: fixed; inset: 0; inline-size: 100%; block-size: 100%; max-inline-size: none; max-block-size: none; margin: 0; padding: 0; border: 0; background: #0c0a09; color: #fff; overflow: hidden; touch-action: none; }
dialog:focus { outline: 0; }
dialog img { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; object-fit: contain; user-select: none; -webkit-user-drag: none; }
dialog .close { position: absolute; inset-block-start: max(8px, env(safe-area-inset-top)); inset-inline-end: 8px; min-inline-size: 44px; block-size: 44px; padding-inline: 16px; border: 0; border-radius: 22px; background: rgb(12 10 9 / 62%); color: #fff; font: inherit; cursor: pointer; }
dialog .count { position: absolute; inset-block-end: max(16px, env(safe-area-inset-bottom)); inset-inline: 0; margin: 0; text-align: center; pointer-events: none; }
@media (prefers-reduced-motion: no-preference) {
  .row { scroll-behavior: smooth; }
  dialog img.eased { transition: transform 200ms ease; }
}
`
