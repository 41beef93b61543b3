import type { DemoRequest, Expectation } from './requests.ts'

/** One request as it went over the wire, and what is wrong with the answer; nothing wrong when `faults` is empty. */
export interface Played {
  readonly request: DemoRequest
  readonly url: string
  readonly status: number
  readonly headers: Headers
  readonly body: string
  readonly problem: Problem | null
  readonly faults: readonly string[]
}

export interface Problem {
  readonly type: string
  readonly detail: string
  readonly hold?: string | undefined
  readonly deadline?: string | undefined
  readonly reasons: readonly { readonly rule: string | null; readonly cite: readonly string[]; readonly text: string }[]
}

const readProblem = (headers: Headers, body: string): Problem | null => {
  if (!(headers.get('content-type') ?? '').startsWith('application/problem+json')) return null
  try {
    return JSON.parse(body) as Problem
  } catch {
    return null
  }
}

/** The words of the body that match, or null. */
const find = (body: string, text: string | RegExp): string | null =>
  typeof text === 'string' ? (body.includes(text) ? text : null) : (text.exec(body)?.[0] ?? null)

const compare = (
  expect: Expectation,
  { status, headers, body, problem }: Omit<Played, 'faults' | 'request' | 'url'>,
): readonly string[] => {
  const withheld = (headers.get('haven-withheld') ?? '').split(', ')
  const citations = problem?.reasons.flatMap(reason => reason.cite).join(' ') ?? ''
  const faults = [
    status === expect.status ? null : `the status is ${status}, not ${expect.status}`,
    expect.type === undefined || problem?.type.endsWith(expect.type)
      ? null
      : `the problem is ${problem?.type ?? 'none'}, not ${expect.type}`,
    ...(expect.contains ?? []).map(text => (find(body, text) === null ? `the answer lacks ${text}` : null)),
    ...(expect.lacks ?? []).map(text => {
      const found = find(body, text)
      return found === null ? null : `the answer contains ${found}, which must not leave`
    }),
    ...(expect.withheld ?? []).map(field => (withheld.includes(field) ? null : `Haven-Withheld does not list ${field}`)),
    expect.cites === undefined || citations.includes(expect.cites) ? null : `no citation of ${expect.cites}`,
    expect.hold && typeof problem?.hold !== 'string' ? 'there is no hold id' : null,
  ]
  return faults.filter(fault => fault !== null)
}

/** Sends one request of the demo through real HTTP. `holds` gives the hold ids of earlier requests, by their id. */
export const playRequest = async (
  gate: string,
  request: DemoRequest,
  token: string | null,
  holds: ReadonlyMap<string, string>,
): Promise<Played> => {
  const path = typeof request.call === 'string' ? request.call : `/.haven/holds/${holds.get(request.call.holdOf) ?? 'none-was-given'}`
  const url = gate + path
  const headers = { ...request.headers, ...(token === null ? {} : { authorization: `Bearer ${token}` }) }
  const response = await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(30_000) })
  const body = await response.text()
  const seen = { status: response.status, headers: response.headers, body, problem: readProblem(response.headers, body) }
  return { request, url, ...seen, faults: compare(request.expect, seen) }
}
