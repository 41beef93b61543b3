import type { Command } from 'commander'
import { type Proof, type ProvedInvariant, prove } from '../policy/prove.ts'
import { fail } from './fail.ts'
import type { CliIo } from './io.ts'
import { readMoment } from './read-moment.ts'
import type { LoadProvable } from './which-laws.ts'

interface ProveOptions {
  readonly laws?: string
  readonly grants?: string
  readonly at?: string
  readonly json?: boolean
}

/** `haven policy prove [DIR]`: decides every inquiry there is; exit 1 if an invariant is broken, or if there is none. */
export function addPolicyProve(policy: Command, io: CliIo, load: LoadProvable, now: () => number): void {
  policy
    .command('prove [dir]')
    .description('enumerate the whole decision space and hold the invariants against it')
    .option('--laws <folders>', 'folders in force besides us, with commas between; default: all together, and each city or state by itself')
    .option('--grants <jurisdiction>', 'whose ordinary business; default: the only one there is')
    .option('--at <time>', 'decide as at this time (ISO 8601); default: now')
    .option('--json', 'print the result as JSON')
    .action((dir: string | undefined, options: ProveOptions) => {
      try {
        const at = readMoment(options.at, now())
        const { rulebook, sets, rulebookFor, laws, stubs, parties, invariants, grants } = load(dir ?? 'policies', {
          laws: options.laws?.split(',') ?? null,
          grants: options.grants ?? null,
          at,
        })
        const proof = prove(rulebook, { invariants, parties, at, progress: io.progress })
        const each = sets.map(folders => ({
          folders,
          broken: prove(rulebookFor(folders), { invariants, parties, at, progress: io.progress }).invariants.filter(({ holds }) => !holds),
        }))

        if (options.json)
          io.print(
            JSON.stringify({ laws, stubs, grants, ...proof, sets: each }, (_, value) =>
              typeof value === 'bigint' ? value.toString() : value,
            ),
          )
        else for (const line of [...describe(proof, laws, stubs, grants), ...each.flatMap(describeSet)]) io.print(line)

        const holds = proof.invariants.every(one => one.holds) && each.every(({ broken }) => broken.length === 0)
        io.exit(proof.invariants.length > 0 && holds ? 0 : 1)
      } catch (error) {
        fail(io, error, options.json)
      }
    })
}

function describe(proof: Proof, laws: readonly string[], stubs: readonly string[], grants: string | null): string[] {
  const number = (count: bigint | number) => count.toLocaleString('en-US')
  const reduced = proof.variables.map(
    ({ name, values, classes }) =>
      `  ${name.padEnd(10)} ${number(values).padStart(6)} values, ${classes === 1 ? 'one class: no rule speaks of it' : `${number(classes)} classes`}`,
  )
  const proved = proof.invariants.filter(({ holds }) => holds).length
  return [
    `${laws.length} laws in force: ${laws.join(', ')}`,
    ...(stubs.length > 0 ? [`not in force, because they only say what is missing: ${stubs.join(', ')}`] : []),
    `ordinary business of: ${grants ?? 'nobody'}`,
    `decided as at: ${proof.moments.map(time => new Date(time).toISOString()).join(' and ')}`,
    `${number(proof.inquiries)} inquiries: every requester, purpose, process, keeper, record class and use, and one further recipient or none`,
    ...reduced,
    '  Values that no condition tells apart are decided once. A second further recipient adds nothing: of all pairs the most protective wins.',
    ...Object.entries(proof.effects).flatMap(([effect, count]) =>
      effect === 'impossible' ? [] : [`  ${number(count).padStart(27)} ${effect}`],
    ),
    ...proof.invariants.flatMap(describeInvariant),
    proof.invariants.length > 0
      ? `${proved} of ${proof.invariants.length} invariants hold`
      : 'nothing was proved: there is no invariants.yaml in this folder; write one, or copy policies/invariants.yaml from Haven',
  ]
}

/** Laws of other states can hide what a city's own laws lack, so each set is proved by itself too. */
const describeSet = ({
  folders,
  broken,
}: {
  readonly folders: readonly string[]
  readonly broken: readonly ProvedInvariant[]
}): string[] => [
  `with ${folders.join(', ')} alone: ${broken.length === 0 ? 'they hold as well' : `${broken.length} broken`}`,
  ...broken.flatMap(describeInvariant),
]

function describeInvariant({ id, text, holds, inquiries, counterexample, found }: ProvedInvariant): string[] {
  const about = `${inquiries.toLocaleString('en-US')} inquiries`
  if (holds) return [`holds   ${id} (${about}): ${text}`]
  return [
    `BROKEN  ${id} (${about}): ${text}`,
    ...(found ? [`  ${found}`] : []),
    ...(counterexample
      ? ['  the simplest inquiry that breaks it (`policy explain --inquiry` reads it):', `  ${JSON.stringify(counterexample)}`]
      : []),
  ]
}
