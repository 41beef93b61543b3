import { relative } from 'node:path'
import type { Stub } from './coverage-text.ts'

/** A case that was run, as far as a report needs it. */
export interface ReportedCase {
  readonly name: string
  readonly file: string
  readonly ok: boolean
  readonly unmet: readonly string[]
  /** The case could not be run at all. */
  readonly broken: boolean
}

/**
 * A JUnit XML report: a suite for each file, a test case for each case, stubs and cases that were not run as skipped ones. It carries no time and no host, so that the
 * same policies make the same report.
 */
export function toJunit(
  cases: readonly ReportedCase[],
  stubs: readonly Stub[],
  left: readonly { readonly name: string; readonly file: string; readonly reason: string }[] = [],
): string {
  const files = [...new Set(cases.map(({ file }) => file))]
  const suites = files.map(file => {
    const own = cases.filter(one => one.file === file)
    return suite(
      relative('.', file),
      own.length,
      own.filter(failed).length,
      own.filter(({ broken }) => broken).length,
      0,
      own.map(testcase),
    )
  })
  const unrun = left.map(
    ({ file, name, reason }) =>
      `    <testcase classname="${escapeXml(relative('.', file))}" name="${escapeXml(name)}"><skipped message="${escapeXml(reason)}"/></testcase>`,
  )
  const skipped = stubs.map(
    ({ law, missing }) =>
      `    <testcase classname="stubs" name="${escapeXml(law)}"><skipped message="${escapeXml(missing.join(' '))}"/></testcase>`,
  )
  const listed = (name: string, lines: readonly string[]) =>
    lines.length > 0 ? [suite(name, lines.length, 0, 0, lines.length, lines)] : []
  const all = [...suites, ...listed('skipped', unrun), ...listed('stubs', skipped)]
  const none = left.length + stubs.length
  const totals = `tests="${cases.length + none}" failures="${cases.filter(failed).length}" errors="${cases.filter(({ broken }) => broken).length}" skipped="${none}"`
  return ['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites name="haven policy test" ${totals}>`, ...all, '</testsuites>', ''].join(
    '\n',
  )
}

const failed = ({ ok, broken }: ReportedCase): boolean => !ok && !broken

function suite(name: string, tests: number, failures: number, errors: number, skipped: number, lines: readonly string[]): string {
  const head = `  <testsuite name="${escapeXml(name)}" tests="${tests}" failures="${failures}" errors="${errors}" skipped="${skipped}">`
  return [head, ...lines, '  </testsuite>'].join('\n')
}

function testcase({ name, file, ok, unmet, broken }: ReportedCase): string {
  const head = `    <testcase classname="${escapeXml(relative('.', file))}" name="${escapeXml(name)}"`
  if (ok) return `${head}/>`
  const element = broken ? 'error' : 'failure'
  return `${head}><${element} message="${escapeXml(unmet[0] ?? 'failed')}">${escapeXml(unmet.join('\n'))}</${element}></testcase>`
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

/** XML 1.0 has no way to write control characters or halves of surrogate pairs: one in the name of a case would spoil the report. */
function escapeXml(text: string): string {
  const printable = text.toWellFormed().replace(/[^\t\n\r\u{20}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}')
  return printable.replace(/[&<>"']/g, sign => ENTITIES[sign] ?? sign)
}
