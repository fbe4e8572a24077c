import { createHash } from 'node:crypto'
import { openSync, readSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'

// Runs in a worker thread, because hashing occupies a core and would make other requests wait.
const hash = createHash('sha256')
const file = openSync(workerData, 'r')
const buffer = Buffer.allocUnsafe(1024 * 1024)
for (let length = readSync(file, buffer); length > 0; length = readSync(file, buffer)) {
  hash.update(buffer.subarray(0, length))
}
parentPort?.postMessage(hash.digest('hex'))
