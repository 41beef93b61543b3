import type { Agency } from '../terms/agency.ts'
import type { Peer, PeerCertificate } from '../terms/call.ts'
import type { Directory } from './directory.ts'
import { domainOf } from './party.ts'

/** What the connection of a call says about who asks. */
export interface PeerSignals {
  /** Every agency that a name of the client certificate places; names of nobody (an internal host) say nothing. */
  readonly certified: readonly Agency[]
  /** Whose networks the call came from, for each address it may have come from. A place and no proof: visitors have addresses too. */
  readonly networks: readonly Agency[]
}

/** Places the other end of a connection in the directory. */
export function readPeerSignals(peer: Peer | undefined, directory: Directory): PeerSignals {
  const names = peer?.certificate?.names ?? []
  const addresses = [peer?.address ?? [], peer?.others ?? []].flat()
  return {
    certified: names.map(name => placeName(name, directory)).filter(found => found !== null),
    networks: addresses.map(directory.byNetwork).filter(found => found !== null),
  }
}

function placeName({ kind, name }: PeerCertificate['names'][number], directory: Directory): Agency | null {
  const domain = kind === 'dns' ? name.replace(/^\*\./, '') : kind === 'email' ? mailHost(name) : hostOf(name)
  // A name may hold anything: `x.example, DNS:ice.dhs.gov` is one odd name and no host of dhs.gov.
  return /^[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?$/i.test(domain) ? directory.byDomain(domain) : null
}

const mailHost = (mailbox: string): string => (mailbox.includes('@') ? (domainOf(mailbox) ?? '') : mailbox)

const hostOf = (uri: string): string => (URL.canParse(uri) ? new URL(uri).hostname : '')
