import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Test } from 'tap'
import { parse, stringify } from 'yaml'
import { type Haven, type HavenOptions, haven } from '../support/haven.ts'

export const POLICIES = resolve(import.meta.dirname, '../../policies')

export const ORDINANCE = 'policies/us-ca-los-angeles/ordinance-188441.yaml'

/** A rule more: it refuses what a housing caseworker may ask without it. */
export const NEW_RULE: unknown = parse(`
id: nobody-reads-addresses
text: Addresses are not read by anybody while this rule is tried.
cite: [{ ref: A rule of this test, certainty: secondary }]
when: { purpose: [service-delivery] }
then: deny
of: [locating]
`)

// biome-ignore lint/suspicious/noExplicitAny: a test changes the file in every way there is
type Change = (value: any) => unknown

/** A gate's folder with its own copy of the policies, so that a test can change the law. Removed with the test. */
export interface City {
  readonly dir: string
  readonly policies: string
  /** Changes one YAML file below the folder. */
  readonly edit: (file: string, change: Change) => Promise<void>
  readonly text: (file: string, change: (text: string) => string) => Promise<void>
  /** Starts a gate here, again and again if asked. */
  readonly start: (t: Test, more?: Partial<HavenOptions>, policies?: object) => Promise<Haven>
}

export async function city(t: Test, upstream: string): Promise<City> {
  const dir = await mkdtemp(join(tmpdir(), 'haven-city-'))
  const policies = join(dir, 'policies')
  await cp(POLICIES, policies, { recursive: true })
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  const text: City['text'] = async (file, change) => writeFile(join(dir, file), change(await readFile(join(dir, file), 'utf8')))
  return {
    dir,
    policies,
    text,
    edit: (file, change) =>
      text(file, written => {
        const value = parse(written)
        change(value)
        return stringify(value)
      }),
    start: (t, more = {}, over = {}) => {
      const laws = { dir: 'policies', laws: ['us-ca-los-angeles', 'us-ca'], ...over }
      return haven(t, { upstream, dir, ...more, config: { policies: laws, ...more.config } })
    },
  }
}

/** Waits until something is so, for as long as a reload may take on a busy machine. */
export async function until<T>(look: () => Promise<T | undefined | false>, what: string): Promise<T> {
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    await new Promise(later => setTimeout(later, 100))
  }
  throw new Error(`it did not come about: ${what}`)
}

export interface Event {
  readonly kind: string
  readonly body: Record<string, unknown>
}

/** The entries of these kinds, in order. */
export async function events(gate: Haven, ...kinds: string[]): Promise<readonly Event[]> {
  const found = (await gate.entries()).filter(({ kind }) => kinds.includes(String(kind)))
  return found.map(({ kind, body }) => ({ kind: String(kind), body: body as Event['body'] }))
}

/** Waits for so many entries of a kind, and gives the last. */
export function nth(gate: Haven, kind: string, count: number): Promise<Event> {
  return until(async () => {
    const found = await events(gate, kind)
    return found.length >= count && found[count - 1]
  }, `${count} entries of kind ${kind}`)
}

export async function metric(gate: Haven, name: string): Promise<string> {
  const text = await (await fetch(`${gate.admin}/metrics`)).text()
  return text
    .split('\n')
    .filter(line => line.startsWith(name))
    .join('\n')
}
