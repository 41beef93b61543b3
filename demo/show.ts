import { styleText } from 'node:util'
import type { Played } from './play.ts'

type Style = Parameters<typeof styleText>[0]
type Out = NodeJS.WriteStream

const WIDTH = 96
const INDENT = '    '

/** What the demo prints. Colours only where the stream shows them (NO_COLOR and FORCE_COLOR are honoured). */
export interface Page {
  readonly chapter: (title: string) => void
  readonly played: (played: Played) => void
  readonly line: (text?: string, style?: Style) => void
}

const wrap = (text: string, indent: string): string => {
  const lines: string[] = []
  let line = indent
  for (const word of text.split(/\s+/u)) {
    if (line.length + word.length + 1 > WIDTH && line.trim() !== '') {
      lines.push(line.trimEnd())
      line = indent
    }
    line += `${word} `
  }
  return [...lines, line.trimEnd()].join('\n')
}

const trim = (text: string, width: number): string => (text.length > width ? `${text.slice(0, width - 1)}…` : text)

/** One row over as many lines as it takes: what leaked must be seen to have leaked. */
const chop = (row: string): readonly string[] =>
  (row.match(new RegExp(`.{1,${WIDTH - INDENT.length}}`, 'gu')) ?? []).map(part => INDENT + part)

/** At most three rows of the answer, each on a line. */
const answerLines = (body: string): readonly string[] => {
  const rows = body
    .trim()
    .replace(/^\[|\]$/gu, '')
    .split(/(?<=\}),\s*(?=\{)/u)
  if (rows.length === 1) return chop(rows[0] ?? '')
  const shown = rows.slice(0, 3).map(row => INDENT + trim(row.trim(), WIDTH - INDENT.length))
  return rows.length > 3 ? [...shown, `${INDENT}and ${rows.length - 3} more`] : shown
}

interface RegisterItem {
  readonly id: string
  readonly state: string
  readonly canBecomeActive?: boolean
  readonly verified?: readonly { readonly by: string }[]
  readonly release?: { readonly classes: readonly string[]; readonly by: readonly string[]; readonly until: number } | null
  readonly what?: string
  readonly dueAt?: number
  readonly done?: { readonly by: string } | null
}

/** What a reader of the demo needs of the register's answer, in one sentence. */
const registerLine = (body: string): string => {
  const { id, state, canBecomeActive, verified = [], release, what, dueAt, done }: RegisterItem = JSON.parse(body)
  const parts = [
    `${id} is ${state}`,
    canBecomeActive === false ? 'and can never become active' : null,
    verified.length > 0 ? `verified by ${verified.map(({ by }) => by).join(' and ')}` : null,
    release ? `${release.classes.join(', ')} by ${release.by.join(' and ')} until ${new Date(release.until).toISOString()}` : null,
    done ? `by ${done.by}` : null,
    what === undefined || dueAt === undefined ? null : `${what}, due ${new Date(dueAt).toISOString()}`,
  ]
  return wrap(parts.filter(part => part !== null).join(', '), INDENT)
}

/** A page on a stream: a terminal or a pipe. */
export const openPage = (out: Out): Page => {
  const paint = (style: Style, text: string): string => styleText(style, text, { stream: out })
  const line = (text = '', style?: Style): void => {
    out.write(`${style === undefined ? text : paint(style, text)}\n`)
  }
  const refusal = ({ problem }: Played): void => {
    if (problem === null) return
    line(wrap(problem.detail, INDENT))
    for (const reason of problem.reasons.slice(0, 3)) {
      const text = problem.detail.includes(reason.text) ? '' : `${reason.text} `
      if (reason.cite.length > 0) line(wrap(`${text}[${reason.cite.join('; ')}]`, INDENT), 'yellow')
    }
    if (problem.hold !== undefined)
      line(`${INDENT}hold ${problem.hold}${problem.deadline === undefined ? '' : `, due ${problem.deadline}`}`, 'cyan')
  }
  return {
    line,
    chapter: title => line(`\n${paint('bold', title)}\n${paint('dim', '─'.repeat(WIDTH))}`),
    played: played => {
      const { request, status, headers, faults } = played
      const mark = faults.length === 0 ? paint('green', '✓') : paint('red', '✗')
      const kind = played.problem === null ? '' : ` ${played.problem.type.split('/').at(-1)}`
      const colour: Style = status < 300 ? 'green' : status === 451 ? 'magenta' : 'yellow'
      const title = wrap(`${request.who?.name ?? 'A stranger'} ${request.wants}`, '  ').trimStart()
      line(`\n${mark} ${title}`)
      const isStaff = request.who?.token.issuer === 'staff'
      const { pathname, search } = new URL(played.url)
      line(`  ${played.method} ${decodeURIComponent(pathname + search)}${isStaff ? '   (admin address)' : ''}`, 'dim')
      for (const [name, value] of Object.entries(played.sent)) line(`  ${name}: ${decodeURIComponent(value)}`, 'dim')
      line(`  ${paint(colour, `${status}${kind}`)}`)
      if (played.problem === null) for (const row of isStaff ? [registerLine(played.body)] : answerLines(played.body)) line(row)
      else refusal(played)
      const withheld = headers.get('haven-withheld')
      if (withheld !== null) line(wrap(`left out: ${withheld}`, INDENT), 'cyan')
      for (const fault of faults) line(`${INDENT}${fault}`, 'red')
    },
  }
}
