import type { Plugin } from 'vite'

const OWN = `${import.meta.dirname}/src/`
const STYLES = /\bcss`[^`]*`/g

/** Leaves the comments and the indentation of the styles of elements out, which are strings to the rest of the build. */
export function shortStyles(): Plugin {
  return {
    name: 'moblog-short-styles',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      if (!id.startsWith(OWN) || !code.includes('css`')) return null
      return { code: code.replaceAll(STYLES, shortened), map: null }
    },
  }
}

const shortened = (style: string): string =>
  style.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/\n\s*/g, '\n')
