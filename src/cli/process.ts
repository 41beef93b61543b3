import type { Command } from 'commander'
import { Instrument } from '../terms/instrument.ts'
import { type AdminOptions, type AdminParts, checkId, type Item } from './admin-client.ts'
import type { CliIo } from './io.ts'
import { addList, addShow, type Kind } from './look-up.ts'
import { readPaper } from './read-paper.ts'
import { plain } from './show-item.ts'
import { addStep } from './take-step.ts'

const KIND: Kind = { shelf: 'process', listed: 'processes', columns: ['id', 'kind', 'state', 'used', 'enteredBy', 'enteredAt'] }

type Entered = AdminOptions & { readonly file: string; readonly document?: string }
type Ended = AdminOptions & { readonly why: string }

/** `haven process add | verify | revoke | quash | list | show`: the register of legal process. */
export function addProcess(program: Command, io: CliIo, parts: AdminParts): void {
  const group = program.command('process').description('the register of legal process')
  const add = group
    .command('add')
    .description('enter an instrument; two other people must verify it before it opens anything')
    .requiredOption('--file <file>', 'the instrument, YAML or JSON')
    .option('--document <file>', 'the document itself; its SHA-256 is entered, the file stays where it is')
  const schemas = { whole: Instrument, withoutDigest: Instrument.partial({ document: true }) }
  addStep<Entered>(add, io, parts, {
    path: () => '/process',
    body: ({ file, document }) => readPaper(file, document, schemas),
    say: item => `entered as ${plain(item['id'])}: ${outlook(item)}`,
  })
  addStep(group.command('verify <id>').description('say that you checked the instrument with its court or issuer'), io, parts, {
    path: id => `/process/${checkId(id)}/verify`,
    body: () => ({}),
    say: item => `${plain(item['id'])} is verified by ${verifiers(item).join(' and ')}: ${outlook(item)}`,
  })
  for (const [word, description] of [
    ['revoke', 'end an instrument that is no longer good'],
    ['quash', 'end an instrument that a court has quashed'],
  ] as const) {
    const end = group.command(`${word} <id>`).description(description).requiredOption('--why <text>', 'why; kept in the register alone')
    addStep<Ended>(end, io, parts, {
      path: id => `/process/${checkId(id)}/${word}`,
      body: ({ why }) => ({ why }),
      say: item => `${plain(item['id'])} is ${plain(item['state'])}: it opens nothing any more`,
    })
  }
  addList(group, io, parts, KIND, 'all instruments, the oldest first')
  addShow(group, io, parts, KIND, 'one instrument; the persons it names are shown to counsel alone')
}

function outlook(item: Item): string {
  if (item['canBecomeActive'] === false) return 'it is no court process, or no judge signed it, so it stays entered and opens nothing'
  if (item['state'] === 'active') return 'it is active'
  const missing = 2 - verifiers(item).length
  if (missing > 0)
    return `it opens nothing until ${missing === 1 ? 'one more person with the role counsel verifies' : 'two other people with the role counsel verify'} it`
  return `its state is ${plain(item['state'])}`
}

function verifiers(item: Item): readonly string[] {
  const { verified } = item
  return Array.isArray(verified) ? verified.map(one => plain(Reflect.get(Object(one), 'by'))) : []
}
