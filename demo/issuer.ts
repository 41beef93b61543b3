import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { listen, type Running } from './listen.ts'

/** Three issuers, each with a key of its own: who may speak for agencies must not be able to speak for counsel. */
export const ISSUERS = {
  agencies: { issuer: 'https://id.city.example', audience: 'haven', path: '/jwks.json' },
  people: { issuer: 'https://my.city.example', audience: 'haven', path: '/people/jwks.json' },
  staff: { issuer: 'https://staff.city.example', audience: 'haven-admin', path: '/staff/jwks.json' },
} as const
export type IssuerName = keyof typeof ISSUERS

export interface TokenOrder {
  readonly issuer: IssuerName
  readonly subject: string
  readonly claims?: Readonly<Record<string, unknown>>
}

export interface Issuer extends Running {
  /** A signed token (ES256) that is valid for eight hours. */
  readonly mint: (order: TokenOrder) => Promise<string>
}

const makeSigner = async (): Promise<{ readonly jwk: JWK; readonly sign: (token: SignJWT) => Promise<string> }> => {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const jwk = await exportJWK(publicKey)
  const kid = await calculateJwkThumbprint(jwk)
  return {
    jwk: { ...jwk, kid, alg: 'ES256', use: 'sig' },
    sign: token => token.setProtectedHeader({ alg: 'ES256', kid, typ: 'JWT' }).sign(privateKey),
  }
}

/** Starts the demo's token issuer: fresh keys each time, their public halves at the `path` of each issuer. Throws PortTaken. */
export const startIssuer = async (port = 9002): Promise<Issuer> => {
  const signers = { agencies: await makeSigner(), people: await makeSigner(), staff: await makeSigner() }
  const names = Object.keys(ISSUERS) as IssuerName[]
  const running = await listen('the token issuer', port, (request, response) => {
    const name = names.find(candidate => ISSUERS[candidate].path === request.url)
    response.writeHead(name === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(name === undefined ? { error: 'not found' } : { keys: [signers[name].jwk] }))
  })
  const mint = ({ issuer, subject, claims = {} }: TokenOrder): Promise<string> => {
    const token = new SignJWT({ ...claims })
      .setIssuer(ISSUERS[issuer].issuer)
      .setAudience(ISSUERS[issuer].audience)
      .setSubject(subject)
      .setIssuedAt()
      .setExpirationTime('8h')
    return signers[issuer].sign(token)
  }
  return { ...running, mint }
}
