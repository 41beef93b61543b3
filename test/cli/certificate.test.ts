import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { stringify } from 'yaml'
import { hall } from '../admin/hall.ts'
import { commander } from './run-admin.ts'

t.test('a certificate is entered with the digest of its document, verified by another person, listed and revoked', async t => {
  const at = await hall(t)
  const haven = commander(at)
  const [file, paper] = [join(at.home, 'c.yaml'), join(at.home, 'c.pdf')]
  const [signed, until] = [0, 365].map(days => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10))
  const certificate = {
    ...{ agency: 'us-dhs-ice-hsi', statute: 'N.Y. Veh. & Traf. Law § 201(12)', signer: 'J. Doe', title: 'Director' },
    ...{ signed, until },
  }
  await writeFile(file, stringify(certificate))
  await writeFile(paper, 'signed')
  t.match(await haven('clerk', 'operator', 'certificate', 'add', '--file', file), { code: 1, err: /'document' is missing here/ })
  t.notOk(at.register.certificates.isCertified('us-dhs-ice-hsi'))
  const added = await haven('clerk', 'operator', 'certificate', 'add', '--file', file, '--document', paper)
  t.match(added, { code: 0, out: /^the certificate [0-9a-f]{32} is entered: it certifies nobody until another person/ }, 'twin')
  t.notOk(at.register.certificates.isCertified('us-dhs-ice-hsi'))
  const id = /[0-9a-f]{32}/.exec(added.out)?.[0] ?? ''
  t.match(await haven('clerk', 'operator', 'certificate', 'verify', id), { code: 1, err: /role counsel/ })
  t.match(await haven('ana', 'counsel', 'certificate', 'verify', id), { code: 0, out: new RegExp(`^the certificate ${id} is in-force$`) })
  t.ok(at.register.certificates.isCertified('us-dhs-ice-hsi'))
  t.match(await haven('dot', 'auditor', 'certificate', 'list'), { code: 0, out: new RegExp(`\n${id} +in-force +clerk`) })
  t.match(await haven('dot', 'auditor', 'certificate', 'revoke', id, '--why', 'x'), { code: 1, err: /role counsel or operator/ })
  t.match(await haven('ana', 'counsel', 'certificate', 'revoke', id, '--why', 'broken'), { code: 0, out: /is revoked/ })
  t.notOk(at.register.certificates.isCertified('us-dhs-ice-hsi'))
})
