import v8 from 'node:v8'
import vm from 'node:vm'

v8.setFlagsFromString('--expose-gc')
const gc: (options: { type: 'minor' }) => void = vm.runInNewContext('gc')
v8.setFlagsFromString('--no-expose-gc')

/**
 * Frees buffers that were used up a moment ago. A large file that passes through leaves hundreds of megabytes of them a second, which
 * V8 counts as a few small objects and lets pile up; a minor collection takes about a millisecond.
 */
export function collectYoung(): void {
  gc({ type: 'minor' })
}
