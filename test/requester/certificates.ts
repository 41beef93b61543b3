import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A subject alternative name: what stands in the certificate, byte by byte, whether or not it is a name. */
export type Name = { readonly dns: string } | { readonly email: string } | { readonly uri: string } | { readonly ip: string }

/** PEM, and the thumbprint of RFC 8705. */
export interface Certificate {
  readonly key: string
  readonly cert: string
  readonly thumbprint: string
}

export interface Authority extends Certificate {
  /** A certificate of this authority, good for a day, or from and to these moments (milliseconds since 1970). */
  readonly issue: (names: readonly Name[], valid?: { readonly from: number; readonly to: number }) => Certificate
}

const DAY_MS = 86_400_000

// A certificate is written by hand here (X.690, RFC 5280): tools that make them refuse the names an attacker would like to have.
const tlv = (tag: number, ...content: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(content)
  const long = body.length < 256 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 255]
  const length = body.length < 128 ? [body.length] : long
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}
const sequence = (...content: readonly Uint8Array[]) => tlv(0x30, ...content)
const oid = (hex: string) => tlv(0x06, Buffer.from(hex, 'hex'))
const octets = (content: Uint8Array) => tlv(0x04, content)
const time = (at: number) => tlv(0x18, Buffer.from(`${new Date(at).toISOString().replace(/[-:T]|\.\d+/g, '')}`))
const commonName = (name: string) => sequence(tlv(0x31, sequence(oid('550403'), tlv(0x0c, Buffer.from(name)))))
const ECDSA_SHA256 = sequence(oid('2a8648ce3d040302'))
const BASIC_CONSTRAINTS_CA = sequence(oid('551d13'), tlv(0x01, Buffer.from([255])), octets(sequence(tlv(0x01, Buffer.from([255])))))

function generalName(name: Name): Buffer {
  if ('dns' in name) return tlv(0x82, Buffer.from(name.dns))
  if ('email' in name) return tlv(0x81, Buffer.from(name.email))
  if ('uri' in name) return tlv(0x86, Buffer.from(name.uri))
  return tlv(0x87, Buffer.from(name.ip.split('.').map(Number)))
}

interface Order {
  readonly subject: string
  readonly issuer: string
  readonly signer: KeyObject | null
  readonly extension: Buffer
  readonly from: number
  readonly to: number
}

function make({ subject, issuer, signer, extension, from, to }: Order): Certificate & { readonly privateKey: KeyObject } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const unsigned = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ECDSA_SHA256,
    commonName(issuer),
    sequence(time(from), time(to)),
    commonName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(extension)),
  )
  const signature = tlv(0x03, Buffer.from([0]), sign('sha256', unsigned, signer ?? privateKey))
  const der = sequence(unsigned, ECDSA_SHA256, signature)
  const cert = `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { key, cert, privateKey, thumbprint: createHash('sha256').update(der).digest('base64url') }
}

/** A certificate authority of its own, good for nothing but a test. */
export function makeAuthority(name = 'test authority'): Authority {
  const validity = { from: Date.now() - DAY_MS, to: Date.now() + DAY_MS }
  const { privateKey, ...authority } = make({ subject: name, issuer: name, signer: null, extension: BASIC_CONSTRAINTS_CA, ...validity })
  return {
    ...authority,
    issue: (names, valid = validity) => {
      const extension = sequence(oid('551d11'), octets(sequence(...names.map(generalName))))
      return make({ subject: 'a test', issuer: name, signer: privateKey, extension, ...valid })
    },
  }
}

/** Writes what a gate needs to ask for certificates of this authority, and gives the member `tls` of its configuration. */
export function writeTls(dir: string, authority: Authority): { key: string; cert: string; clientCa: string } {
  const server = authority.issue([{ ip: '127.0.0.1' }])
  const files = { key: join(dir, 'server.key'), cert: join(dir, 'server.pem'), clientCa: join(dir, 'client-ca.pem') }
  writeFileSync(files.key, server.key, { mode: 0o600 })
  writeFileSync(files.cert, server.cert)
  writeFileSync(files.clientCa, authority.cert)
  return files
}
