import { defineConfig } from 'vite'
import { precacheList } from './precache-list.ts'

/** Builds the client into generated/web, from where the gateway serves it (gateway/web-client). */
export default defineConfig({
  root: import.meta.dirname,
  // Relative, because a proxy may serve the product below a path.
  base: './',
  plugins: [precacheList()],
  build: {
    outDir: '../generated/web',
    emptyOutDir: true,
    target: ['chrome111', 'firefox115', 'safari16.4'],
    modulePreload: { polyfill: false },
    // Data addresses would need more permissions in the Content-Security-Policy.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      input: {
        index: `${import.meta.dirname}/index.html`,
        'service-worker': `${import.meta.dirname}/src/service-worker/service-worker.ts`,
      },
      output: {
        entryFileNames: ({ name }) => (name === 'service-worker' ? '[name].js' : 'assets/[name].[hash].js'),
        chunkFileNames: 'assets/[name].[hash].js',
        assetFileNames: 'assets/[name].[hash][extname]',
      },
    },
  },
  server: {
    port: 5173,
    proxy: { '/graphql': { target: 'http://localhost:4000', ws: true } },
  },
})
