import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** A script that pages load. */
export type PageScript = {
  /** Below `/m/`; it changes with the script, so that browsers may keep it for ever. */
  path: string
  source: string
}

function pageScript(name: string, file: string | URL): PageScript {
  const source = readFileSync(file, 'utf8')
  const version = createHash('sha256').update(source).digest('hex').slice(0, 12)
  return { path: `-/${name}.${version}.js`, source }
}

/** The scripts behind the custom tags; hls.js is only loaded to play a stream that the browser can't play itself. */
export const PAGE_SCRIPTS = {
  player: pageScript('moblog', new URL('./browser/moblog.js', import.meta.url)),
  recorder: pageScript('recorder', new URL('./browser/recorder.js', import.meta.url)),
  // The light build: streams have one sound track, inside the picture's files, and no subtitles.
  hls: pageScript('hls', createRequire(import.meta.url).resolve('hls.js/dist/hls.light.min.mjs')),
}

/** The script at this path below `/m/`, if there is one. */
export function findPageScript(path: string): PageScript | undefined {
  return Object.values(PAGE_SCRIPTS).find((script) => script.path === path)
}
