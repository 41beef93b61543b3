import { connect } from 'node:net'

/** Sends these bytes over a socket of its own: a client library would tidy the address up. Gives what came back until the connection ended. */
export function wireTo(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((done, failed) => {
    const socket = connect(Number(port), hostname, () => void socket.write(bytes))
    const chunks: Buffer[] = []
    socket.setTimeout(5_000, () => socket.destroy(new Error('no end of the answer')))
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('error', failed)
    socket.on('end', () => done(Buffer.concat(chunks).toString('latin1')))
  })
}
