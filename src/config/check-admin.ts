import type { FileProblem } from '../terms/faults.ts'
import type { FromFile } from '../terms/file.ts'
import type { HavenFile } from './schema.ts'

/** Who may act at the admin address. The two-person rule rests on this list: what would let one person count twice does not load. */
export function checkAdmin(haven: FromFile<HavenFile>): FileProblem[] {
  return [...checkAdminIssuers(haven), ...checkPeople(haven)]
}

function checkAdminIssuers({ value, problem }: FromFile<HavenFile>): FileProblem[] {
  const issuers = value.identity.admin?.issuers ?? []
  return issuers.flatMap((issuer, i) => {
    const at = (member: string) => ['identity', 'admin', 'issuers', i, member]
    const problems: FileProblem[] = []
    if (issuers.findIndex(other => other.issuer === issuer.issuer) < i)
      problems.push(problem(at('issuer'), 'this issuer is already listed; give each issuer one entry'))
    // A token made for the gate would carry a role to the admin address.
    if (value.identity.issuers.some(gate => gate.issuer === issuer.issuer && gate.audience === issuer.audience))
      problems.push(problem(at('audience'), `the gate takes '${issuer.audience}' of this issuer too; write another, such as haven-admin`))
    if (/^http:/.test(issuer.jwks) && !/^http:\/\/(127(\.\d{1,3}){3}|localhost|\[::1\])[:/]/.test(issuer.jwks))
      problems.push(problem(at('jwks'), "keys fetched without TLS can be anybody's; write an https URL or a file"))
    return problems
  })
}

function checkPeople({ value, problem }: FromFile<HavenFile>): FileProblem[] {
  const { people, issuers } = value.identity.admin ?? { people: [], issuers: [] }
  const logins = people.flatMap((person, i) => person.logins.map((login, j) => ({ person, login, path: [i, 'logins', j] })))
  const at = (path: readonly PropertyKey[]) => ['identity', 'admin', 'people', ...path]
  return [
    ...people.flatMap(({ id }, i) =>
      people.findIndex(other => other.id === id) < i
        ? [problem(at([i, 'id']), `the person '${id}' is listed twice; put all logins in one entry`)]
        : [],
    ),
    ...logins.flatMap(({ person, login, path }, i) => {
      const first = logins.findIndex(other => other.login.iss === login.iss && other.login.sub === login.sub)
      const taken = logins[first]
      if (first < i && taken)
        return [
          problem(at(path), `this login already belongs to '${taken.person.id}'; one login is one person, '${person.id}' needs another`),
        ]
      const known = issuers.some(({ issuer }) => issuer === login.iss)
      return known ? [] : [problem(at([...path, 'iss']), `'${login.iss}' is none of identity.admin.issuers; list it there, or correct it`)]
    }),
  ]
}
