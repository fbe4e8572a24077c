import { type Bound, createRevokedTokens, type Revocation } from './revoked-tokens.ts'

const bound: Bound = {
  ownerId: 'alice',
  viewerId: 'bob',
  mediaId: 'film',
  sessionId: 'phone',
  issuedAt: 1_000,
}
const any = { ownerId: null, viewerId: null, mediaId: null, sessionId: null, issuedUntil: new Date(1_000) }

describe('a token is revoked by', () => {
  it.each<[string, Partial<Revocation>, boolean]>([
    ['the pair', { ownerId: 'alice', viewerId: 'bob' }, true],
    ['the medium', { mediaId: 'film' }, true],
    ['the owner', { ownerId: 'alice' }, true],
    ['the viewer', { viewerId: 'bob' }, true],
    ['all three', { ownerId: 'alice', viewerId: 'bob', mediaId: 'film' }, true],
    ['the session', { sessionId: 'phone' }, true],
    ['another session', { sessionId: 'laptop' }, false],
    ['another pair', { ownerId: 'alice', viewerId: 'carol' }, false],
    ['the pair the other way round', { ownerId: 'bob', viewerId: 'alice' }, false],
    ['another medium of the owner', { ownerId: 'alice', mediaId: 'song' }, false],
  ])('%s', (_name, fields, isRevoked) => {
    const revocations = createRevokedTokens()
    revocations.add({ ...any, ...fields })
    expect(revocations.isRevoked(bound)).toBe(isRevoked)
  })

  it('nothing that was said before it was issued', () => {
    const revocations = createRevokedTokens()
    revocations.add({ ...any, mediaId: 'film' })
    expect(revocations.isRevoked({ ...bound, issuedAt: 1_001 })).toBe(false)
    revocations.add({ ...any, mediaId: 'film', issuedUntil: new Date(500) })
    expect(revocations.isRevoked(bound)).toBe(true)
  })

  it('its owner alone where the viewer is signed out', () => {
    const revocations = createRevokedTokens()
    revocations.add({ ...any, viewerId: 'bob' })
    expect(revocations.isRevoked({ ...bound, viewerId: null })).toBe(false)
    revocations.add({ ...any, ownerId: 'alice' })
    expect(revocations.isRevoked({ ...bound, viewerId: null })).toBe(true)
  })
})

it('revocations that no living token can match are dropped', () => {
  const revocations = createRevokedTokens()
  revocations.add({ ...any, mediaId: 'film' })
  revocations.dropOlderThan(new Date(1_000))
  expect(revocations.isRevoked(bound)).toBe(true)
  revocations.dropOlderThan(new Date(1_001))
  expect(revocations.isRevoked(bound)).toBe(false)
})
