import { BlockList, isIP, SocketAddress } from 'node:net'
import { type Body, forbidLie, type Lie } from './nesting.ts'

/** Shorter prefixes are nobody's own: registries give out no wider ones today (IPv4 /8, IPv6 /20). */
const WIDEST = { ipv4: 8, ipv6: 20 }

interface Network {
  readonly address: string
  readonly family: 'ipv4' | 'ipv6'
  readonly bits: number
}

/** Why a network (CIDR) must not become this body's by an import, or null. */
export function checkNetwork(
  written: string,
  body: Body,
  others: Iterable<Body & { readonly networks: readonly string[] }>,
): string | null {
  const network = parseNetwork(written)
  // A mapped network is one of IPv4 in disguise.
  if (network === null || (network.family === 'ipv6' && written.includes('.')))
    return `'${written}' is no network; write one such as 192.0.2.0/24 or 2001:db8::/32`
  if (network.bits < WIDEST[network.family]) return `'${written}' is too wide to be one agency's; write its own networks`
  if (hasHostBits(network)) return `'${written}' is an address inside a network; write the one the network begins with`
  for (const other of others)
    for (const theirs of other.networks) {
      const found = parseNetwork(theirs)
      const lie = found === null ? null : lieOf(network, found)
      const problem = lie === null ? null : forbidLie(written, body, lie, other, `the network ${theirs}`)
      if (problem !== null) return problem
    }
  return null
}

function parseNetwork(written: string): Network | null {
  const [address = '', length = '', ...more] = written.split('/')
  const version = isIP(address)
  if (version === 0 || address.includes('%') || more.length > 0 || !/^\d{1,3}$/.test(length)) return null
  const bits = Number(length)
  if (bits > (version === 4 ? 32 : 128)) return null
  return { address, family: version === 4 ? 'ipv4' : 'ipv6', bits }
}

function lieOf(network: Network, theirs: Network): Lie | null {
  const [inside, around] = [contains(theirs, network), contains(network, theirs)]
  return inside && around ? 'same' : inside ? 'inside' : around ? 'around' : null
}

const lengthOf = ({ family, bits }: Network): number => bits + (family === 'ipv4' ? 96 : 0)

function contains(outer: Network, inner: Network): boolean {
  const list = new BlockList()
  list.addSubnet(outer.address, outer.bits, outer.family)
  return lengthOf(outer) <= lengthOf(inner) && list.check(inner.address, inner.family)
}

function hasHostBits({ address, family, bits }: Network): boolean {
  const digits = family === 'ipv4' ? bitsOf(address.split('.'), 10, 8) : bitsOf(groupsOf(address), 16, 16)
  return digits.slice(bits).includes('1')
}

const bitsOf = (parts: readonly string[], base: number, width: number): string =>
  parts.map(part => Number.parseInt(part, base).toString(2).padStart(width, '0')).join('')

/** The eight groups of an IPv6 address. */
function groupsOf(written: string): readonly string[] {
  const { address } = new SocketAddress({ address: written, family: 'ipv6' })
  const [left = [], right = []] = address.split('::').map(half => half.split(':').filter(group => group !== ''))
  return [...left, ...new Array<string>(8 - left.length - right.length).fill('0'), ...right]
}
