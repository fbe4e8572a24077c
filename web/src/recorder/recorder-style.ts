import { css } from 'lit'

/** The style of the recorder. */
export const recorderStyle = css`
  /* As high in each step: what a step adds below the stage makes the stage lower. */
  :host {
    display: flex;
    flex-direction: column;
    min-block-size: 26rem;
    color: var(--color-ink);
  }
  :host([kind="video"]) {
    min-block-size: min(48rem, 100dvh - 2 * var(--space-3));
  }
  .stage {
    position: relative;
    display: grid;
    flex: 1 1 6rem;
    grid-template-rows: minmax(0, 1fr);
    place-items: center;
    overflow: hidden;
    border-radius: var(--radius-l);
    background: var(--color-stage);
    color: var(--color-on-stage);
  }
  .stage > video {
    inline-size: 100%;
    block-size: 100%;
    min-block-size: 0;
    object-fit: contain;
  }
  .stage > video.mirrored {
    transform: scaleX(-1);
  }
  .stage > audio {
    inline-size: calc(100% - 2 * var(--space-4));
  }
  .levels {
    inline-size: calc(100% - 2 * var(--space-4));
    block-size: 6rem;
    fill: currentcolor;
    direction: ltr;
  }
  .count {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
    background: var(--color-stage-veil);
    font-size: 6rem;
    font-weight: 700;
    font-variant-numeric: tabular-nums;
  }
  .clock {
    position: absolute;
    inset-block-start: var(--space-3);
    inset-inline-start: var(--space-3);
    display: flex;
    align-items: center;
    gap: var(--space-2);
    padding: var(--space-1) var(--space-3);
    border-radius: var(--radius-round);
    background: var(--color-stage-veil);
    font-variant-numeric: tabular-nums;
  }
  .clock::before {
    content: "";
    inline-size: 0.75rem;
    block-size: 0.75rem;
    border-radius: 50%;
    background: #ff4d43;
  }
  .flip {
    position: absolute;
    inset-block-start: var(--space-2);
    inset-inline-end: var(--space-2);
    background: var(--color-stage-veil);
  }
  .stage > progress {
    position: absolute;
    inset-block-start: 0;
    inset-inline: 0;
    inline-size: 100%;
    block-size: 0.375rem;
    border: 0;
    background: var(--color-stage-veil);
    accent-color: var(--color-accent);
    appearance: none;
  }
  .stage > progress::-webkit-progress-bar {
    background: none;
  }
  .stage > progress::-webkit-progress-value {
    background: var(--color-accent);
  }
  .stage > progress::-moz-progress-bar {
    background: var(--color-accent);
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: center;
    gap: var(--space-3);
    min-block-size: 6.5rem;
    padding-block: var(--space-4);
  }
  .bar .button {
    padding-inline: var(--space-4);
  }
  @media (max-width: 359px) {
    .bar .button {
      padding-inline: var(--space-3);
    }
  }
  .bar.centred {
    display: grid;
    grid-template-columns: 1fr auto 1fr;
  }
  .bar.centred .button {
    justify-self: start;
  }
  .shutter {
    display: grid;
    place-items: center;
    inline-size: 4.5rem;
    block-size: 4.5rem;
    padding: 0;
    border: 4px solid var(--color-line-strong);
    border-radius: 50%;
    background: none;
  }
  .shutter::before {
    content: "";
    /* Not a background, which forced colours hide. */
    border: 1.625rem solid #d92d20;
    border-radius: 50%;
  }
  .shutter.stop::before {
    border-width: 0.875rem;
    border-radius: var(--radius-s);
  }
  .part {
    inline-size: 100%;
    display: grid;
    gap: var(--space-2);
  }
  .part label {
    display: grid;
    grid-template-columns: 4rem 1fr 4ch;
    align-items: center;
    gap: var(--space-2);
  }
  .part input {
    min-block-size: var(--control);
    accent-color: var(--color-accent-text);
    direction: ltr;
  }
  .status {
    display: grid;
    align-items: center;
    min-block-size: calc(2em * var(--line) + 2 * var(--space-2));
    padding-block: var(--space-2);
    text-align: center;
  }
  .found {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2);
    margin-block-end: var(--space-3);
    padding: var(--space-3) var(--space-4);
    border-radius: var(--radius-m);
    background: var(--color-accent-soft);
  }
  .found p {
    flex: 1 1 12rem;
  }
  @media (prefers-reduced-motion: no-preference) {
    .clock::before {
      animation: blink 1.2s steps(2, jump-none) infinite;
    }
    @keyframes blink {
      to {
        opacity: 0.2;
      }
    }
  }
`
