import type { Test } from 'tap'
import { Agent, request } from 'undici'
import type { Authority, Certificate } from './certificates.ts'

export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: what a client of an API gets from JSON
  readonly json: any
}

export type Ask = (url: string, token: string, headers?: Record<string, string>) => Promise<Answer>

/** A client with one connection that it keeps, and this certificate or none. It trusts the authority's servers. */
export function client(t: Test, authority: Authority, certificate: Certificate | null): Ask {
  const own = certificate === null ? {} : { key: certificate.key, cert: certificate.cert }
  const dispatcher = new Agent({ connections: 1, connect: { ca: authority.cert, ...own } })
  t.teardown(() => dispatcher.destroy())
  return async (url, token, headers = {}) => {
    const answer = await request(url, { dispatcher, headers: { authorization: `Bearer ${token}`, ...headers } })
    return { status: answer.statusCode, json: await answer.body.json() }
  }
}
