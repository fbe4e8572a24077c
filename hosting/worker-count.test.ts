import { ConfigError } from '../platform/config.ts'
import { planWorkers, readWorkers } from './worker-count.ts'

const GIB = 1024 ** 3
const MACHINE = { cores: 8, memory: 64 * GIB }
const count = (env: NodeJS.ProcessEnv, machine = MACHINE) => readWorkers(env, machine).count

describe('the number of workers', () => {
  it('is one unless the product runs in production', () => {
    expect(count({})).toBe(1)
    expect(count({ NODE_ENV: 'production' })).toBe(8)
    expect(count({ NODE_ENV: 'production', WORKERS: '1' })).toBe(1)
    expect(count({ WORKERS: 'auto' })).toBe(8)
    expect(count({ WORKERS: '3' })).toBe(3)
  })

  it('is limited by the memory if it is chosen automatically', () => {
    expect(count({ WORKERS: 'auto' }, { cores: 8, memory: 2.5 * GIB })).toBe(2)
    expect(count({ WORKERS: 'auto' }, { cores: 8, memory: 0.5 * GIB })).toBe(1)
    expect(count({ WORKERS: '8' }, { cores: 1, memory: 0.5 * GIB })).toBe(8)
  })

  it.each(['0', '-1', '1.5', 'all', '1000'])('refuses %s and names the setting', (WORKERS) => {
    expect(() => readWorkers({ WORKERS })).toThrow(ConfigError)
    expect(() => readWorkers({ WORKERS })).toThrow(/WORKERS: must be a whole number/)
  })
})

describe('the database connections of the workers', () => {
  // Three pools, that of searches, and eight sessions.
  const used = ({ count, poolSize }: { count: number; poolSize: number }) =>
    count * (3 * poolSize + Math.max(1, Math.floor(0.4 * poolSize)) + 8)

  it('never exceed what the database accepts', () => {
    for (const usable of [30, 97, 197, 500, 5000]) {
      for (let cores = 1; cores <= 64; cores++) {
        const plan = planWorkers({ count: cores, isLimit: true }, usable)
        expect(used(plan)).toBeLessThanOrEqual(usable - 10)
        expect(plan.poolSize).toBeGreaterThanOrEqual(3)
        expect(plan.poolSize).toBeLessThanOrEqual(10)
      }
    }
  })

  it('are as many as in one process if there are enough', () => {
    expect(planWorkers({ count: 2, isLimit: true }, 197)).toEqual({ count: 2, poolSize: 10 })
  })

  it('limit the number of workers', () => {
    expect(planWorkers({ count: 64, isLimit: true }, 197).count).toBeLessThan(11)
    expect(() => planWorkers({ count: 64, isLimit: false }, 197)).toThrow(/Choose at most \d+, or raise/)
  })
})
