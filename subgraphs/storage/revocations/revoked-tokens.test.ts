import { type Bound, createRevokedTokens, type Revocation } from './revoked-tokens.ts'

const bound: Bound = {
  ownerId: 'alice',
  viewerId: 'bob',
  mediaId: 'film',
  sessionId: 'phone',
  issuedAt: 1_000,
}
const any = { ownerId: null, viewerId: null, mediaId: null, sessionId: null, issuedUntil: new Date(1_000) }

describe('a revocation', () => {
  it.each<[string, boolean, Partial<Revocation>]>([
    ['the owner and viewer', true, { ownerId: 'alice', viewerId: 'bob' }],
    ['the media', true, { mediaId: 'film' }],
    ['the owner', true, { ownerId: 'alice' }],
    ['the viewer', true, { viewerId: 'bob' }],
    ['the owner, viewer and media', true, { ownerId: 'alice', viewerId: 'bob', mediaId: 'film' }],
    ['the session', true, { sessionId: 'phone' }],
    ['another session', false, { sessionId: 'laptop' }],
    ['the owner and another viewer', false, { ownerId: 'alice', viewerId: 'carol' }],
    ['the viewer as owner and the owner as viewer', false, { ownerId: 'bob', viewerId: 'alice' }],
    ['other media of the owner', false, { ownerId: 'alice', mediaId: 'song' }],
  ])('of %s revokes a token: %s', (_name, isRevoked, fields) => {
    const revocations = createRevokedTokens()
    revocations.add({ ...any, ...fields })
    expect(revocations.isRevoked(bound)).toBe(isRevoked)
  })

  it('does not apply to a token that was issued afterwards', () => {
    const revocations = createRevokedTokens()
    revocations.add({ ...any, mediaId: 'film' })
    expect(revocations.isRevoked({ ...bound, issuedAt: 1_001 })).toBe(false)
    revocations.add({ ...any, mediaId: 'film', issuedUntil: new Date(500) })
    expect(revocations.isRevoked(bound)).toBe(true)
  })

  it('of an owner also applies to signed-out viewers', () => {
    const revocations = createRevokedTokens()
    revocations.add({ ...any, viewerId: 'bob' })
    expect(revocations.isRevoked({ ...bound, viewerId: null })).toBe(false)
    revocations.add({ ...any, ownerId: 'alice' })
    expect(revocations.isRevoked({ ...bound, viewerId: null })).toBe(true)
  })
})

it('revocations that are older than all valid tokens are dropped', () => {
  const revocations = createRevokedTokens()
  revocations.add({ ...any, mediaId: 'film' })
  revocations.dropOlderThan(new Date(1_000))
  expect(revocations.isRevoked(bound)).toBe(true)
  revocations.dropOlderThan(new Date(1_001))
  expect(revocations.isRevoked(bound)).toBe(false)
})
