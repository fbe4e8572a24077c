import v8 from 'node:v8'
import vm from 'node:vm'

v8.setFlagsFromString('--expose-gc')
const gc: (options: { type: 'minor' }) => void = vm.runInNewContext('gc')
v8.setFlagsFromString('--no-expose-gc')

/**
 * Runs a minor garbage collection, which frees buffers that were in use a moment ago. A large file that passes through
 * leaves hundreds of megabytes of such buffers per second. V8 counts them as a few small objects and lets them pile up.
 * A minor collection takes about a millisecond.
 */
export function collectYoungGeneration(): void {
  gc({ type: 'minor' })
}
