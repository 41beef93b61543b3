import { type Body, forbidLie, type Lie } from './nesting.ts'

const STATES =
  'al|ak|az|ar|ca|co|ct|de|fl|ga|hi|id|il|in|ia|ks|ky|la|me|md|ma|mi|mn|ms|mo|mt|ne|nv|nh|nj|nm|ny|nc|nd|oh|ok|or|pa|ri|sc|sd|tn|tx|ut|vt|va|wa|wv|wi|wy|dc|as|gu|mp|pr|vi'

/** Under these, bodies that have nothing to do with each other have their names: the common ones, not the whole public suffix list. */
const SHARED = [
  /^(com|org|net|gov|edu|mil|us)$/,
  /^(ac|co|com|edu|go|gob|gouv|gov|govt|mil|ne|net|nhs|nom|or|org|police|sch)\.[a-z]{2}$/,
  new RegExp(`^(${STATES})\\.gov$`),
  new RegExp(`^((k12|pvt\\.k12|cc|cog|dst|gen|lib|mus|tec)\\.)?(${STATES})\\.us$`),
  /^(dni|fed|isa|kids|nsn)\.us$/,
]

/** Mail and sites anybody can open: as a domain of an agency they would make everybody that agency. */
const OPEN = [
  /(^|\.)(aol|gmail|gmx|googlemail|hotmail|live|msn|outlook|yahoo|yandex|ymail)\.(com|net|org|[a-z]{2}|com?\.[a-z]{2})$/,
  /(^|\.)(fastmail|icloud|mac|mail|me|onmicrosoft|protonmail|qq|rocketmail|tutanota|zoho|zohomail)\.com$/,
  /(^|\.)(proton\.me|pm\.me|protonmail\.ch|tuta\.io|mail\.ru|att\.net|comcast\.net|sbcglobal\.net|verizon\.net)$/,
  /(^|\.)(github\.io|netlify\.app|pages\.dev|vercel\.app|web\.app|azurewebsites\.net|cloudfront\.net|amazonaws\.com|sharepoint\.com)$/,
]

/** Why a domain must not become this body's by an import, or null. */
export function checkDomain(domain: string, body: Body, others: Iterable<Body & { readonly domains: readonly string[] }>): string | null {
  if (/(^|\.)\d+$/.test(domain))
    return `'${domain}' is no domain but an address; write one such as police.example, or use the column networks`
  if (OPEN.some(open => open.test(domain))) return `anybody can have an address at ${domain}; it would make everybody '${body.id}'`
  if (SHARED.some(shared => shared.test(domain)))
    return `many bodies have their names under ${domain}; write the domain that is '${body.id}' alone`
  for (const other of others)
    for (const theirs of other.domains) {
      const lie = lieOf(domain, theirs)
      const problem = lie === null ? null : forbidLie(domain, body, lie, other, `the domain ${theirs}`)
      if (problem !== null) return problem
    }
  return null
}

function lieOf(domain: string, theirs: string): Lie | null {
  if (domain === theirs) return 'same'
  if (domain.endsWith(`.${theirs}`)) return 'inside'
  return theirs.endsWith(`.${domain}`) ? 'around' : null
}
