import type { DemoRequest, Expectation } from './demo-request.ts'

/** One request as it went over the wire, and what is wrong with the answer; nothing wrong when `faults` is empty. */
export interface Played {
  readonly request: DemoRequest
  readonly method: 'GET' | 'POST'
  readonly url: string
  /** The request's own, as sent: without the token. */
  readonly sent: Readonly<Record<string, string>>
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
  /** The admin address gives none. */
  readonly reasons: readonly { readonly rule: string | null; readonly cite: readonly string[]; readonly text: string }[]
}

const readProblem = (headers: Headers, body: string): Problem | null => {
  if (!(headers.get('content-type') ?? '').startsWith('application/problem+json')) return null
  try {
    return { reasons: [], ...JSON.parse(body) } as Problem
  } catch {
    return null
  }
}

/** The words of the body that match, or null. */
const find = (body: string, text: string | RegExp): string | null =>
  typeof text === 'string' ? (body.includes(text) ? text : null) : (text.exec(body)?.[0] ?? null)

const compare = (
  expect: Expectation,
  { status, headers, body, problem }: Pick<Played, 'status' | 'headers' | 'body' | 'problem'>,
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

/** What requests were given, under `<id>.hold`, `<id>.decision` and `<id>.entered`. */
export type Given = Map<string, string>

const fill = (text: string, given: Given): string =>
  text.replace(/\{([a-z0-9-]+\.(?:hold|decision|entered))\}/g, (_, name: string) => given.get(name) ?? 'none-was-given')

const keep = (given: Given, { request, headers, problem, status, body }: Played): void => {
  const put = (name: string, value: string | null | undefined): void => {
    if (typeof value === 'string') given.set(`${request.id}.${name}`, value)
  }
  put('decision', headers.get('haven-decision'))
  put('hold', problem?.hold)
  if (status === 201) put('entered', JSON.parse(body).id)
}

/** Sends one request of the demo through real HTTP, with what earlier ones were given; adds what this one is given. */
export const playRequest = async (
  { gate, admin }: { readonly gate: string; readonly admin: string },
  request: DemoRequest,
  token: string | null,
  given: Given,
): Promise<Played> => {
  const url = (request.who?.token.issuer === 'staff' ? admin : gate) + fill(request.call, given)
  const method = request.step === undefined ? 'GET' : 'POST'
  const sent = Object.fromEntries(Object.entries(request.headers ?? {}).map(([name, value]) => [name, fill(value, given)]))
  const response = await fetch(url, {
    method,
    headers: {
      ...sent,
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(request.step === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(request.step === undefined ? {} : { body: JSON.stringify(request.step) }),
    redirect: 'manual',
    signal: AbortSignal.timeout(30_000),
  })
  const body = await response.text()
  const seen = { status: response.status, headers: response.headers, body, problem: readProblem(response.headers, body) }
  const played = { request, method, url, sent, ...seen, faults: compare(request.expect, seen) } as const
  keep(given, played)
  return played
}
