import { resolve } from 'node:path'
import type { FileProblem } from '../terms/faults.ts'
import type { FromFile } from '../terms/file.ts'
import type { HavenFile } from './schema.ts'

type Problem = FromFile<unknown>['problem']

/** haven.yaml with its paths made absolute (they are relative to the file) and its secrets put in from the environment. */
export function absolute(
  value: HavenFile,
  base: string,
  environment: NodeJS.ProcessEnv,
  problem: Problem,
  add: (p: FileProblem) => void,
): HavenFile {
  const at = (path: string) => resolve(base, path)
  const unlessUrl = (place: string) => (isUrl(place) ? place : at(place))
  const keysAt = <I extends { jwks: string }>(issuer: I): I => ({ ...issuer, jwks: unlessUrl(issuer.jwks) })
  const { policies, journal, tls, identity } = value
  const { agencies, shadow, bundle } = policies
  return {
    ...value,
    ...(tls ? { tls: { ...tls, key: at(tls.key), cert: at(tls.cert), ...(tls.clientCa ? { clientCa: at(tls.clientCa) } : {}) } } : {}),
    identity: {
      issuers: identity.issuers.map(keysAt),
      ...(identity.admin ? { admin: { ...identity.admin, issuers: identity.admin.issuers.map(keysAt) } } : {}),
    },
    // Beside the journal, without which it says nothing.
    register: {
      file: at(value.register?.file ?? `${journal.dir.replace(/\/+$/, '')}-register.db`),
      ...(value.register?.counselKey ? { counselKey: at(value.register.counselKey) } : {}),
    },
    policies: {
      ...policies,
      dir: at(policies.dir),
      ...(agencies ? { agencies: at(agencies) } : {}),
      ...(shadow ? { shadow: at(shadow) } : {}),
      ...(bundle ? { bundle: unlessUrl(bundle) } : {}),
    },
    sources: value.sources.map((source, i) => ({
      ...source,
      catalogue: at(source.catalogue),
      ...(source.auth
        ? { auth: { bearer: secret(source.auth.bearer, environment, message => add(problem(['sources', i, 'auth', 'bearer'], message))) } }
        : {}),
    })),
    journal: {
      ...journal,
      dir: at(journal.dir),
      key: at(journal.key),
      ...(journal.checkpoints ? { checkpoints: at(journal.checkpoints) } : {}),
    },
  }
}

export const isUrl = (place: string): boolean => /^https?:/.test(place)

function secret(value: string, environment: NodeJS.ProcessEnv, refuse: (message: string) => void): string {
  const name = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(value)?.[1]
  if (name === undefined) {
    if (value.includes('${')) refuse('a name from the environment must be the whole value of the secret')
    return value
  }
  const found = environment[name]
  if (!found) refuse(`the environment variable ${name} is not set, or is empty`)
  return found ?? ''
}
