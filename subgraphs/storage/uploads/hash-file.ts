import { Worker } from 'node:worker_threads'

/** Computes the SHA-256 of a file in a worker thread: 64 lower-case hexadecimal digits. */
export function hashFile(file: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./hash-worker.ts', import.meta.url), { workerData: file })
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error(`hashing ${file} ended without a result`)))
  })
}
