import { z } from 'zod'
import type { FileProblem } from '../terms/faults.ts'
import type { FromFile } from '../terms/file.ts'
import { checkAdmin } from './check-admin.ts'
import type { HavenFile } from './schema.ts'

const Network = z.union([z.cidrv4(), z.cidrv6()])
const LOOPBACK = /^(127(\.\d{1,3}){3}|localhost|\[?::1\]?)$/

/** What a schema cannot say of haven.yaml: addresses, duplicates, and settings this version does not carry out. */
export function checkHavenFile(haven: FromFile<HavenFile>): readonly FileProblem[] {
  return [
    ...checkListen(haven),
    ...checkProxies(haven),
    ...checkIssuers(haven),
    ...checkAdmin(haven),
    ...checkPolicies(haven),
    ...checkSources(haven),
    ...checkCarriedOut(haven),
  ]
}

function checkListen({ value, problem }: FromFile<HavenFile>): FileProblem[] {
  return (['gate', 'admin'] as const).flatMap(door => {
    const { host, insecure } = value.listen[door]
    if (LOOPBACK.test(host) || insecure || (door === 'gate' && value.tls)) return []
    return [
      problem(
        ['listen', door, 'host'],
        `${host} is not loopback and there is no TLS; add tls, or 'insecure: true' if something else encrypts`,
      ),
    ]
  })
}

function checkProxies({ value, problem }: FromFile<HavenFile>): FileProblem[] {
  return value.trustedProxies.flatMap((network, i) => {
    const say = (message: string) => [problem(['trustedProxies', i], `'${network}' ${message}`)]
    if (!Network.safeParse(network).success || /^::ffff:/i.test(network))
      return say('is no network; write one such as 10.1.2.0/24, or 10.1.2.3/32 for one address')
    // Whoever is trusted may say who calls.
    if (network.endsWith('/0')) return say('is everybody; write the addresses of your own proxies')
    return []
  })
}

function checkIssuers({ value, problem }: FromFile<HavenFile>): FileProblem[] {
  return value.identity.issuers.flatMap((issuer, i) => {
    const problems: FileProblem[] = []
    if (value.identity.issuers.findIndex(other => other.issuer === issuer.issuer) < i) {
      problems.push(problem(['identity', 'issuers', i, 'issuer'], 'this issuer is already listed; give each issuer one entry'))
    }
    if (issuer.jwks.startsWith('http:') && !isLoopbackUrl(issuer.jwks)) {
      problems.push(problem(['identity', 'issuers', i, 'jwks'], "keys fetched without TLS can be anybody's; write an https URL or a file"))
    }
    return problems
  })
}

function checkPolicies({ value, problem }: FromFile<HavenFile>): FileProblem[] {
  const { bundle, signers } = value.policies
  const problems: FileProblem[] = []
  if (bundle?.startsWith('http:') && !isLoopbackUrl(bundle)) {
    problems.push(problem(['policies', 'bundle'], "a bundle fetched without TLS can be anybody's; write an https URL or a file"))
  }
  if (signers.length === 1) {
    problems.push(problem(['policies', 'signers'], 'whatever weakens needs two signers, so one alone could never change that; list two'))
  }
  return problems
}

function checkSources({ value, problem }: FromFile<HavenFile>): FileProblem[] {
  return value.sources.flatMap((source, i) => {
    const problems: FileProblem[] = []
    if (value.sources.findIndex(other => other.name === source.name) < i) {
      problems.push(problem(['sources', i, 'name'], `the source '${source.name}' is already listed`))
    }
    const url = URL.canParse(source.url) ? new URL(source.url) : null
    if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash) {
      problems.push(problem(['sources', i, 'url'], 'write an http(s) URL without credentials, query or fragment'))
    } else if (url.protocol === 'http:' && !isLoopbackUrl(source.url) && !source.insecure) {
      problems.push(problem(['sources', i, 'url'], "write an https URL, or 'insecure: true' if something else encrypts"))
    }
    return problems
  })
}

/** A setting that is read but not carried out would be a promise nobody keeps. */
function checkCarriedOut({ value, problem }: FromFile<HavenFile>): FileProblem[] {
  const problems: FileProblem[] = []
  const not = (path: PropertyKey[], instead: string) => problems.push(problem(path, `this version does not carry this out; ${instead}`))
  value.sources.forEach((source, i) => {
    if (source.dialect !== 'rest' && source.dialect !== 'postgrest') not(['sources', i, 'dialect'], 'write rest or postgrest')
    if (source.receipt !== 'durable') not(['sources', i, 'receipt'], 'write durable')
  })
  return problems
}

const isLoopbackUrl = (url: string): boolean => URL.canParse(url) && LOOPBACK.test(new URL(url).hostname)
