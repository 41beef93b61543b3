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

interface Claim {
  readonly agency: Agency
  /** Its place in the file. */
  readonly i: number
  readonly path: readonly PropertyKey[]
}
type Claimed = ReadonlyMap<string, readonly Claim[]>
type Signals = (agency: Agency) => readonly (readonly [string, readonly PropertyKey[]])[]

function claimed(agencies: readonly Agency[], signals: Signals): Claimed {
  const claims = new Map<string, Claim[]>()
  for (const [i, agency] of agencies.entries())
    for (const [signal, path] of signals(agency)) {
      const claim = { agency, i, path }
      const holders = claims.get(signal)
      if (holders === undefined) claims.set(signal, [claim])
      else holders.push(claim)
    }
  return claims
}

const holder = (claims: Claimed, signal: string): Agency | null => claims.get(signal)?.[0]?.agency ?? null

const foldName = (name: string): string => foldText(name).trim().replace(/\s+/g, ' ')

function twice(file: FromFile<unknown>, claims: Claimed, what: string): FileProblem[] {
  return [...claims]
    .filter(([, holders]) => holders.length > 1)
    .flatMap(([signal, [first, ...others]]) =>
      others.map(({ i, path }) =>
        file.problem(['agencies', i, ...path], `the ${what} '${signal}' already belongs to '${first?.agency.id}'; keep it in one place`),
      ),
    )
}

function checkAgency(file: FromFile<unknown>, agency: Agency, i: number, ids: Claimed): FileProblem[] {
  const problem = (path: readonly PropertyKey[], message: string) => file.problem(['agencies', i, ...path], message)
  const concluded = ['suspected', 'vague', 'unstated']
  return [
    ...(RESERVED.includes(agency.id) ? [problem(['id'], `'${agency.id}' is Haven's own word; give the agency another id`)] : []),
    ...agency.purposes.flatMap((purpose, j) =>
      concluded.includes(purpose) ? [problem(['purposes', j], `nobody states '${purpose}': Haven concludes it; remove it`)] : [],
    ),
    ...agency.reshares.flatMap(({ to }, j) =>
      ids.has(to) ? [] : [problem(['reshares', j, 'to'], `no agency '${to}' in this directory; add it, or correct the id`)],
    ),
    ...Object.entries(agency.flags).flatMap(([name, flag]) =>
      flag?.until !== undefined && flag.until < flag.since ? [problem(['flags', name, 'until'], 'the flag ends before it begins')] : [],
    ),
  ]
}

function findDomain(claims: Claimed, domain: string): Agency | null {
  const labels = domain.toLowerCase().replace(/\.$/, '').split('.')
  for (let i = 0; i < labels.length; i++) {
    const found = holder(claims, labels.slice(i).join('.'))
    if (found !== null) return found
  }
  return null
}
