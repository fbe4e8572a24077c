import { explainSignIn } from './explain-sign-in.ts'
import { words } from './messages.ts'

const refusal = (code: string) => ({ code, message: '', field: null })

describe('the reason why signing in has failed', () => {
  it.each(['failed', 'offline', 'outdated'] as const)('is told if it is "%s"', (problem) => {
    expect(explainSignIn(refusal(problem), true)).toBe(words()[problem])
    expect(explainSignIn(refusal(problem), false)).toBe(words()[problem])
  })

  it('blames the connection only if there was none', () => {
    expect(words().offline).toMatch(/connection/)
    expect(`${words().failed} ${words().outdated}`).not.toMatch(/connection/)
  })
})
