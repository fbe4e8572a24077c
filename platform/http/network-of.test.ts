import { networkOf } from './network-of.ts'

test.each([
  ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', true],
  ['2001:db8::1', '2001:db8:0:0:5::1', true],
  ['2001:0DB8:1:2::1', '2001:db8:1:2::3', true],
  ['fe80::1%eth0', 'fe80::2', true],
  ['::1', '::2', true],
  ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
  ['203.0.113.9', '::ffff:203.0.113.9', true],
  ['::ffff:203.0.113.9', '::ffff:203.0.113.10', false],
  ['203.0.113.9', '203.0.113.10', false],
])('%s and %s are in the same network: %s', (one, other, isOne) => {
  expect(networkOf(one) === networkOf(other)).toBe(isOne)
})
