import fc from 'fast-check'
import { causeOfEnd, type SeenEnd } from './how-it-ended.ts'

const usual: SeenEnd = {
  code: 0,
  hasTimedOut: false,
  isStopped: false,
  usedCpuSeconds: 1,
  cpuSeconds: 10,
}

test.each([
  [{ code: 0 }, 'EXITED'],
  [{ code: 1 }, 'EXITED'],
  [{ code: 128 + 11 }, 'CRASHED'],
  [{ code: 128 + 6 }, 'CRASHED'],
  [{ code: 128 + 9 }, 'KILLED'],
  [{ code: 128 + 15 }, 'KILLED'],
  [{ code: 255 }, 'KILLED'],
  [{ code: null }, 'KILLED'],
  [{ code: 128 + 9, usedCpuSeconds: 10 }, 'OUT_OF_TIME'],
  [{ code: 255, usedCpuSeconds: 10 }, 'OUT_OF_TIME'],
  [{ code: 128 + 24 }, 'OUT_OF_TIME'],
  [{ code: 128 + 25 }, 'TOO_MUCH_WRITTEN'],
  [{ code: 128 + 9, hasTimedOut: true }, 'OUT_OF_TIME'],
  [{ code: null, isStopped: true }, 'STOPPED'],
] as const)('an end with the properties %j has the cause %s', (seen, cause) => {
  expect(causeOfEnd({ ...usual, ...seen })).toBe(cause)
})

test('a signal from outside has the cause KILLED if no limit was reached, so that it is not blamed on the input', () => {
  const outside = [1, 2, 3, 9, 13, 14, 15]
  fc.assert(
    fc.property(fc.constantFrom(...outside), fc.double({ min: 0, max: 7.9, noNaN: true }), (signal, used) => {
      expect(causeOfEnd({ ...usual, code: 128 + signal, usedCpuSeconds: used })).toBe('KILLED')
    }),
  )
})
