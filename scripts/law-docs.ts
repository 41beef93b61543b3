import { loadPolicies } from '../src/config/load.ts'
import { describeClasses, describeCondition, describeEffect, describeObligation } from '../src/policy/describe-condition.ts'
import type { Citation, Exception, LawFile, LawRule, Obligation } from '../src/terms/law.ts'

/**
 * A page for each jurisdiction, `<jurisdiction>.md`, of all its law files: what counsel reads instead of YAML. The same files make the same
 * pages. @throws FilesRefused
 */
export function makeLawDocs(dir: string): ReadonlyMap<string, string> {
  const laws = loadPolicies(dir).laws.map(({ value }) => value)
  const byJurisdiction = Map.groupBy(laws, ({ jurisdiction }) => jurisdiction)
  return new Map([...byJurisdiction].map(([jurisdiction, own]) => [`${jurisdiction}.md`, page(jurisdiction, own)]))
}

function page(jurisdiction: string, laws: readonly LawFile[]): string {
  const written = laws.filter(({ missing }) => !missing)
  const stubs = laws.filter(({ missing }) => missing)
  return [
    `# Law of ${jurisdiction}`,
    '',
    `Made by \`npm run law-docs\` from the files of \`policies/${jurisdiction}/\`; change those, not this page. This is not legal advice.`,
    '[The law as files](../laws.md) says how a decision comes about, and what primary, secondary and unverified mean.',
    '',
    ...written.flatMap(describeLaw),
    ...stubs.flatMap(describeStub),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n')
}

function describeLaw(law: LawFile): string[] {
  const { keeper, records } = law.binds ?? {}
  const binds = describeCondition({ source: { keeper, records } })
  return [
    `## ${law.title}`,
    '',
    `- File: \`${law.law}\``,
    `- Source: ${law.source}`,
    ...(law.bound ? [`- Who is bound: ${law.bound}`] : []),
    `- Which records: ${law.binds ? `where ${binds}` : 'all'}`,
    `- In force: ${inForce(law.effective)}`,
    '',
    ...law.rules.flatMap(describeRule),
    ...section(
      'What must be reported',
      (law.reports ?? []).map(
        ({ to, what, every, due, cite }) => `${what} To: ${to}. When: ${EVERY[every]}${due ? `, by ${due}` : ''}. ${cited(cite)}`,
      ),
    ),
    ...section('What counsel must verify', law.verify ?? []),
  ]
}

const EVERY = { event: 'each time', month: 'every month', 'half-year': 'every half-year', year: 'every year' }

const inForce = ({ from, until }: { from: string; until?: string | undefined }): string =>
  until ? `from ${from} until ${until}` : `from ${from}`

function describeRule(rule: LawRule): string[] {
  const exceptions = rule.unless ?? []
  return [
    `### ${rule.id}`,
    '',
    `> ${rule.text}`,
    '',
    `- Protects: ${describeClasses(rule.of)}`,
    `- When: ${describeCondition(rule.when)}`,
    `- Then: it ${describeEffect(rule)}${owing(rule.obligations)}`,
    ...(rule.effective ? [`- In force: ${inForce(rule.effective)}`] : []),
    ...(rule['names-federal'] ? [`- Names federal recipients because its statute does: ${rule['names-federal']}`] : []),
    `- ${cited(rule.cite)}`,
    ...(exceptions.length > 0 ? ['- Unless (the first that applies):'] : ['- Unless: nothing opens it']),
    ...exceptions.map((exception, i) => `  ${i + 1}. ${describeException(rule, exception)}`),
    '',
  ]
}

function describeException(rule: LawRule, exception: Exception): string {
  const { when, text, cite, obligations } = exception
  const said = text ? ` ${text}` : ''
  // As it is compiled: an exception that holds waits as its rule would, unless it says otherwise.
  const waiting = rule.then === 'hold' ? { deadline: rule.deadline, people: rule.people } : {}
  return `When ${describeCondition(when)}: it ${describeEffect({ ...waiting, ...exception })}${owing(obligations)}.${said}${cite ? ` ${cited(cite)}` : ''}`
}

const owing = (obligations: readonly Obligation[] | undefined): string =>
  obligations && obligations.length > 0 ? `; owed: ${obligations.map(describeObligation).join('; ')}` : ''

const cited = (citations: readonly Citation[]): string =>
  `Cited: ${citations.map(({ ref, certainty }) => `${ref} (${certainty})`).join('; ')}`

const section = (title: string, sentences: readonly string[]): string[] =>
  sentences.length > 0 ? [`### ${title}`, '', ...sentences.map(sentence => `- ${sentence}`), ''] : []

function describeStub(law: LawFile): string[] {
  return [
    `## ${law.title} (stub: not in force)`,
    '',
    `- File: \`${law.law}\``,
    `- Source: ${law.source}`,
    ...(law.bound ? [`- Who is bound: ${law.bound}`] : []),
    '',
    ...section('What is missing', law.missing ?? []),
    ...section('What counsel must verify', law.verify ?? []),
  ]
}
