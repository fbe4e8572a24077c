import { defineConfig } from 'vite'

/** Builds the page with which test/web-{player,recorder,uploads}.test.ts test the player, the recorder, uploads and the composer. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/media-page/',
  publicDir: false,
  logLevel: 'warn',
  build: {
    emptyOutDir: true,
    reportCompressedSize: false,
    rolldownOptions: { input: `${import.meta.dirname}/test/media-page.html` },
  },
})
