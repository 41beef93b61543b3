import { isIPv4, isIPv6 } from 'node:net'
import type { Agency } from '../terms/agency.ts'
import type { FileProblem } from '../terms/faults.ts'
import type { FromFile } from '../terms/file.ts'

const ADDRESS_BITS = 128
/** `::ffff:0:0/96`: here IPv4 lives, so that one address has one place however it is written. */
const MAPPED_PREFIX = 0xffffn << 32n
const MAPPED_BITS = 96

interface Network {
  readonly start: bigint
  readonly bits: number
}

/** The agency in whose network an address lies, the longest prefix first; null for an address of nobody's, or none at all. */
export type FindNetwork = (address: string) => Agency | null

/** Compiles the networks of every agency. A look-up costs one map for each length of prefix that is in use, not one step an agency. */
export function compileNetworks(
  file: FromFile<unknown>,
  agencies: readonly Agency[],
): { readonly find: FindNetwork; readonly problems: readonly FileProblem[] } {
  const byBits = new Map<number, Map<bigint, Agency>>()
  const problems = agencies.flatMap((agency, i) =>
    agency.networks.flatMap((written, j) => {
      const problem = add(byBits, written, agency)
      return problem === null ? [] : [file.problem(['agencies', i, 'networks', j], problem)]
    }),
  )
  const longestFirst = [...byBits].toSorted(([a], [b]) => b - a)
  return { find: address => findNetwork(longestFirst, address), problems }
}

function add(byBits: Map<number, Map<bigint, Agency>>, written: string, agency: Agency): string | null {
  const network = parseNetwork(written)
  if (typeof network === 'string') return `'${written}' ${network}`
  const { start, bits } = network
  const same = byBits.get(bits) ?? new Map<bigint, Agency>()
  const holder = same.get(prefixOf(start, bits))
  if (holder !== undefined) return `the network '${written}' already belongs to '${holder.id}'; keep it in one place`
  byBits.set(bits, same.set(prefixOf(start, bits), agency))
  return null
}

const prefixOf = (address: bigint, bits: number): bigint => address >> BigInt(ADDRESS_BITS - bits)

function findNetwork(longestFirst: readonly (readonly [number, ReadonlyMap<bigint, Agency>])[], written: string): Agency | null {
  if (longestFirst.length === 0) return null
  const address = parseAddress(written)
  if (address === null) return null
  const mapped = address >> 32n === 0xffffn
  for (const [bits, agencies] of longestFirst) {
    // `::/64` is a network of IPv6, not everybody on IPv4.
    if (mapped && bits < MAPPED_BITS) return null
    const found = agencies.get(prefixOf(address, bits))
    if (found !== undefined) return found
  }
  return null
}

function parseNetwork(written: string): Network | string {
  const [text = '', length = '', ...more] = written.split('/')
  const address = parseAddress(text)
  if (address === null || more.length > 0 || !/^\d{1,3}$/.test(length))
    return 'is no network; write one such as 198.51.100.0/24 or 2001:db8::/32'
  const bits = Number(length) + (isIPv4(text) ? MAPPED_BITS : 0)
  if (bits > ADDRESS_BITS) return 'has a prefix longer than its address'
  if (Number(length) === 0 || (address >> 32n === 0xffffn && bits <= MAPPED_BITS))
    return "is everybody; write the network that is the agency's own"
  // A slip of the pen here would make an agency of its neighbours.
  if (address & ((1n << BigInt(ADDRESS_BITS - bits)) - 1n))
    return 'does not begin where its prefix says; write the first address of the network'
  return { start: address, bits }
}

/** An address as 128 bits. A zone (`fe80::1%eth0`) is of one machine only and names no network. */
function parseAddress(text: string): bigint | null {
  if (isIPv4(text)) return MAPPED_PREFIX | BigInt(parseIPv4(text))
  if (!isIPv6(text) || text.includes('%')) return null
  const [left = [], right = []] = text.split('::').map(half => (half === '' ? [] : half.split(':').flatMap(parseGroup)))
  const zeros = new Array<number>(8 - left.length - right.length).fill(0)
  return [...left, ...zeros, ...right].reduce((bits, group) => (bits << 16n) | BigInt(group), 0n)
}

const parseIPv4 = (text: string): number => text.split('.').reduce((bits, part) => bits * 256 + Number(part), 0)

function parseGroup(group: string): number[] {
  if (!group.includes('.')) return [Number.parseInt(group, 16)]
  const bits = parseIPv4(group)
  return [Math.floor(bits / 65_536), bits % 65_536]
}
