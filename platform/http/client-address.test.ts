import type { IncomingMessage } from 'node:http'
import { clientAddress } from './client-address.ts'

const from = (forwarded: string | undefined) =>
  ({
    socket: { remoteAddress: '10.0.0.1' },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  }) as unknown as IncomingMessage

it.each([
  ['the sender, where no proxy is trusted, whatever it claims', 0, '203.0.113.9', '10.0.0.1'],
  ['whom the one proxy heard', 1, '203.0.113.9', '203.0.113.9'],
  ['not what a client put before that', 1, '1.2.3.4, 203.0.113.9', '203.0.113.9'],
  ['whom the first of two proxies heard', 2, '1.2.3.4, 203.0.113.9, 10.0.0.2', '203.0.113.9'],
  ['the sender, where the proxy says nothing', 1, undefined, '10.0.0.1'],
])('the address is %s', (_what, proxies, forwarded, expected) => {
  expect(clientAddress(from(forwarded), proxies)).toBe(expected)
})
