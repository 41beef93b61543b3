import type { Agency, AgencyDirectory, FlagName } from '../terms/agency.ts'
import type { FileProblem } from '../terms/faults.ts'
import type { FromFile } from '../terms/file.ts'
import { foldText } from './fold-text.ts'
import { compileNetworks, type FindNetwork } from './networks.ts'

const DAY_MS = 86_400_000

/** The agency directory, ready to place a party. Every look-up answers null for what it does not know. */
export interface Directory {
  readonly byId: (id: string) => Agency | null
  /** Letters in either case. */
  readonly byOri: (ori: string) => Agency | null
  /** A domain or any subdomain of it; the longest domain of the directory wins. */
  readonly byDomain: (domain: string) => Agency | null
  /** The whole name, or one of `names`; case, accents and spacing do not count. */
  readonly byName: (name: string) => Agency | null
  /** An IPv4 or IPv6 address; the longest prefix wins, and an IPv4-mapped address is the IPv4 one. */
  readonly byNetwork: FindNetwork
}

/** Ids that Haven itself gives to parties outside the directory. */
const RESERVED = ['person', 'unknown', 'written']

/** Compiles policies/agencies.yaml. Every problem at once. */
export function compileDirectory(
  file: FromFile<AgencyDirectory>,
): { readonly directory: Directory } | { readonly problems: readonly FileProblem[] } {
  const { agencies } = file.value
  const ids = claimed(agencies, agency => [[agency.id, ['id']]])
  const oris = claimed(agencies, agency => agency.oris.map((ori, i) => [ori.toUpperCase(), ['oris', i]]))
  const domains = claimed(agencies, agency => agency.domains.map((domain, i) => [domain, ['domains', i]]))
  const names = claimed(agencies, agency => [
    [foldName(agency.name), ['name']],
    ...agency.names.map((name, i) => [foldName(name), ['names', i]] as const),
  ])
  const networks = compileNetworks(file, agencies)
  const problems = [
    ...twice(file, ids, 'id'),
    ...twice(file, oris, 'ORI'),
    ...twice(file, domains, 'domain'),
    ...twice(file, names, 'name'),
    ...networks.problems,
    ...agencies.flatMap((agency, i) => checkAgency(file, agency, i, ids)),
  ]
  if (problems.length > 0) return { problems }
  return {
    directory: {
      byId: id => holder(ids, id),
      byOri: ori => holder(oris, ori.toUpperCase()),
      byDomain: domain => findDomain(domains, domain),
      byName: name => holder(names, foldName(name)),
      byNetwork: networks.find,
    },
  }
}

/** The flags in force at a moment (milliseconds since 1970, UTC). `since` and `until` are whole days, both included. */
export function flagsInForce(agency: Agency, at: number): readonly FlagName[] {
  return (['287g', 'task-force', 'certified'] as const).filter(name => {
    const flag = agency.flags[name]
    if (flag === undefined || at < Date.parse(flag.since)) return false
    return flag.until === undefined || at < Date.parse(flag.until) + DAY_MS
  })
}

/** Who holds each signal, and every place where somebody claims one that is already held. */
interface Claimed {
  readonly holders: ReadonlyMap<string, Agency>
  readonly again: readonly { readonly signal: string; readonly path: readonly PropertyKey[] }[]
}
type Signals = (agency: Agency) => readonly (readonly [string, readonly PropertyKey[]])[]

function claimed(agencies: readonly Agency[], signals: Signals): Claimed {
  const holders = new Map<string, Agency>()
  const again: { readonly signal: string; readonly path: readonly PropertyKey[] }[] = []
  for (const [i, agency] of agencies.entries())
    for (const [signal, path] of signals(agency)) {
      if (holders.has(signal)) again.push({ signal, path: ['agencies', i, ...path] })
      else holders.set(signal, agency)
    }
  return { holders, again }
}

const holder = ({ holders }: Claimed, signal: string): Agency | null => holders.get(signal) ?? null

const foldName = (name: string): string => foldText(name).trim().replace(/\s+/g, ' ')

const twice = (file: FromFile<unknown>, { holders, again }: Claimed, what: string): FileProblem[] =>
  again.map(({ signal, path }) =>
    file.problem(path, `the ${what} '${signal}' already belongs to '${holders.get(signal)?.id}'; keep it in one place`),
  )

function checkAgency(file: FromFile<unknown>, agency: Agency, i: number, ids: Claimed): FileProblem[] {
  const problem = (path: readonly PropertyKey[], message: string) => file.problem(['agencies', i, ...path], message)
  const concluded = ['suspected', 'vague', 'unstated']
  return [
    ...(RESERVED.includes(agency.id) ? [problem(['id'], `'${agency.id}' is Haven's own word; give the agency another id`)] : []),
    ...agency.purposes.flatMap((purpose, j) =>
      concluded.includes(purpose) ? [problem(['purposes', j], `nobody states '${purpose}': Haven concludes it; remove it`)] : [],
    ),
    ...agency.reshares.flatMap(({ to }, j) =>
      ids.holders.has(to) ? [] : [problem(['reshares', j, 'to'], `no agency '${to}' in this directory; add it, or correct the id`)],
    ),
    ...Object.entries(agency.flags).flatMap(([name, flag]) =>
      flag?.until !== undefined && flag.until < flag.since ? [problem(['flags', name, 'until'], 'the flag ends before it begins')] : [],
    ),
  ]
}

// Only a host has an end that counts: `https://evil.example/?x.lacity.gov` and `evil.example, x.lacity.gov` end like hosts of the city.
const HOST = /^[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?$/i

// The longest name DNS has, with the root's dot; the search below takes the square of it.
const HOST_LENGTH = 254

function findDomain(claims: Claimed, domain: string): Agency | null {
  if (domain.length > HOST_LENGTH || !HOST.test(domain)) return null
  for (let rest = domain.toLowerCase().replace(/\.$/, ''); ; ) {
    const found = holder(claims, rest)
    const dot = rest.indexOf('.')
    if (found !== null || dot < 0) return found
    rest = rest.slice(dot + 1)
  }
}
