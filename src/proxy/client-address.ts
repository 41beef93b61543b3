import type { IncomingHttpHeaders } from 'node:http'
import { BlockList, isIP, SocketAddress } from 'node:net'

/** Where a call came from. */
export interface Origin {
  /** Each address that a header of forwarding names: which of the two headers is the proxy's own cannot be told. */
  readonly addresses: readonly string[]
  /** The peer is a trusted proxy. One that writes no header must not lend its own address and name to everybody behind it. */
  readonly forwarded: boolean
  /** The headers of forwarding that the proxy sent, when none of them names an address. */
  readonly unreadable: string | null
}

/**
 * Makes the reader of source addresses. Headers of forwarding count only from a TCP peer in one of these networks (CIDR), and there only
 * up to the first hop, from the right, that is in none of them: everything further left is the caller's own text.
 * @throws Error for a network that is none
 */
export function makeReadOrigin(trustedProxies: readonly string[]): (peer: string | undefined, headers: IncomingHttpHeaders) => Origin {
  const trusted = new BlockList()
  for (const network of trustedProxies) {
    const [start = '', bits] = network.split('/')
    trusted.addSubnet(start, Number(bits), familyOf(start))
  }
  const isTrusted = (address: string) => trusted.check(address, familyOf(address))
  return (peer, headers) => {
    // The zone of a link-local peer (`fe80::1%eth0`) is this machine's word for a cable.
    const address = canonical(peer?.replace(/%.*$/, '') ?? '')
    if (address === null || !isTrusted(address)) return { addresses: address === null ? [] : [address], forwarded: false, unreadable: null }
    // A proxy that adds to one header hands the other on as the caller wrote it: that one must not hide what the proxy says.
    const lists = [
      { name: 'forwarded', header: headers.forwarded, readHop: readForwarded },
      { name: 'x-forwarded-for', header: headers['x-forwarded-for'], readHop: readForwardedFor },
    ].filter(({ header }) => header !== undefined)
    const clients = lists.map(({ header, readHop }) => findClient([header ?? ''].flat().join(), readHop, isTrusted))
    const addresses = [...new Set(clients.filter(client => client !== null))]
    const unreadable = lists.length > 0 && addresses.length === 0 ? lists.map(({ name }) => name).join(' and ') : null
    return { addresses, forwarded: true, unreadable }
  }
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 4 ? 'ipv4' : 'ipv6')

/** Cuts at every comma, quoted or not: a quote that the caller left open must not swallow what a proxy wrote behind it. */
function findClient(list: string, readHop: (hop: string) => string | null, isTrusted: (address: string) => boolean): string | null {
  let client: string | null = null
  for (const hop of list.split(',').reverse()) {
    client = readHop(hop.trim())
    if (client === null || !isTrusted(client)) return client
  }
  return client
}

/** `for=192.0.2.60;proto=http` (RFC 7239, section 4). `unknown` and `_hidden` are no addresses. */
function readForwarded(hop: string): string | null {
  const pair = /([\w!#$%&'*+.^`|~-]+)=("(?:[^"\\]|\\.)*"|[^"\s;]*)(?:\s*;\s*|$)/y
  const nodes: string[] = []
  while (pair.lastIndex < hop.length) {
    const [, name = '', value = ''] = pair.exec(hop) ?? []
    if (name === '') return null
    if (name.toLowerCase() === 'for') nodes.push(value.replace(/^"(.*)"$/, '$1'))
  }
  return nodes.length === 1 ? readNode(nodes[0] ?? '') : null
}

const readForwardedFor = (hop: string): string | null => canonical(hop) ?? readNode(hop)

/** An address with or without a port; an IPv6 one in brackets (RFC 7239, section 6). */
function readNode(node: string): string | null {
  const match = /^(?:([\d.]+)|\[([\da-f:.]+)\])(?::\d{1,5})?$/i.exec(node)
  return canonical(match?.[1] ?? match?.[2] ?? '')
}

/** One spelling for each address, an IPv4-mapped one as IPv4; null for what is none. */
function canonical(text: string): string | null {
  if (isIP(text) === 4) return text
  if (isIP(text) !== 6 || text.includes('%')) return null
  const { address } = new SocketAddress({ address: text, family: 'ipv6' })
  const mapped = /^::ffff:([\d.]+)$/.exec(address)?.[1]
  return mapped ?? address
}
