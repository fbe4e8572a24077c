import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** A script that pages load. */
export type PageScript = {
  /** The path below `/m/`. It changes with the content, so that browsers may cache the script forever. */
  path: string
  source: string
}

function pageScript(name: string, file: string | URL): PageScript {
  const source = readFileSync(file, 'utf8')
  const version = createHash('sha256').update(source).digest('hex').slice(0, 12)
  return { path: `-/${name}.${version}.js`, source }
}

/**
 * The scripts behind the custom tags. Pages load hls.js only to play a stream that the browser cannot play natively.
 */
export const PAGE_SCRIPTS = {
  player: pageScript('moblog', new URL('./browser/moblog.js', import.meta.url)),
  recorder: pageScript('recorder', new URL('./browser/recorder.js', import.meta.url)),
  // The light build is enough: the markup names the captions, and streams have one sound track, which is in the same
  // files as the picture.
  hls: pageScript('hls', createRequire(import.meta.url).resolve('hls.js/dist/hls.light.min.mjs')),
}

/** The script at this path below `/m/`; undefined if there is none. */
export function findPageScript(path: string): PageScript | undefined {
  return Object.values(PAGE_SCRIPTS).find((script) => script.path === path)
}
