import { defineConfig } from 'vite'
import { compressedFiles } from './compressed-files.ts'
import { earlyPaint } from './early-paint.ts'
import { elementsBuild } from './elements-build.ts'
import { serviceWorkerBuild } from './service-worker-build.ts'
import { shortStyles } from './short-styles.ts'
import { splitDocuments } from './split-documents.ts'

/** Builds the client into generated/web, from where the gateway serves it (gateway/web-client). */
export default defineConfig({
  root: import.meta.dirname,
  // Relative, because a proxy may serve the product below a path.
  base: './',
  plugins: [
    splitDocuments(),
    shortStyles(),
    earlyPaint(),
    serviceWorkerBuild(),
    elementsBuild(),
    compressedFiles(),
  ],
  build: {
    outDir: '../generated/web',
    emptyOutDir: true,
    target: ['chrome111', 'firefox115', 'safari16.4'],
    modulePreload: { polyfill: false },
    // Data addresses would need more permissions in the Content-Security-Policy.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // hls.js and the tool that trims recordings are as large as they are, and are loaded when they are needed.
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      input: `${import.meta.dirname}/index.html`,
      output: {
        entryFileNames: 'files/[name].[hash].js',
        chunkFileNames: 'files/[name].[hash].js',
        assetFileNames: 'files/[name].[hash][extname]',
      },
    },
  },
  server: {
    port: 5173,
    proxy: { '/graphql': { target: 'http://localhost:4000', ws: true } },
  },
})
