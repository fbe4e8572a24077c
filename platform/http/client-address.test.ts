import type { IncomingMessage } from 'node:http'
import { clientAddress } from './client-address.ts'

const from = (forwarded: string | undefined) =>
  ({
    socket: { remoteAddress: '10.0.0.1' },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  }) as unknown as IncomingMessage

it.each([
  ["the sender's if no proxy is trusted, despite X-Forwarded-For", 0, '203.0.113.9', '10.0.0.1'],
  ['the one that the only proxy appended', 1, '203.0.113.9', '203.0.113.9'],
  ['not one that the client wrote further left', 1, '1.2.3.4, 203.0.113.9', '203.0.113.9'],
  ['the one that the first of two proxies appended', 2, '1.2.3.4, 203.0.113.9, 10.0.0.2', '203.0.113.9'],
  ['without the port that some proxies append', 1, '203.0.113.9:51234', '203.0.113.9'],
  ['an IPv6 address', 1, '2001:db8::1', '2001:db8::1'],
  ['an IPv6 address without brackets and port', 1, '[2001:db8::1]:443', '2001:db8::1'],
  ['an IPv6 address without quotes', 1, '"[2001:db8::1]:443"', '2001:db8::1'],
  ['an IPv6 address without brackets', 1, '[2001:db8::1]', '2001:db8::1'],
  ["the sender's if the proxy sends no X-Forwarded-For", 1, undefined, '10.0.0.1'],
])("the client's address is %s", (_what, proxies, forwarded, expected) => {
  expect(clientAddress(from(forwarded), proxies)).toBe(expected)
})
