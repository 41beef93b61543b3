import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { stringify } from 'yaml'
import { hall } from '../admin/hall.ts'
import { commander } from './run-admin.ts'

t.test('a certificate is entered with the digest of its document, listed and revoked', async t => {
  const at = await hall(t)
  const haven = commander(at)
  const [file, paper] = [join(at.home, 'c.yaml'), join(at.home, 'c.pdf')]
  const certificate = {
    ...{ agency: 'us-dhs-ice-hsi', statute: 'N.Y. Veh. & Traf. Law § 201(12)', signer: 'J. Doe', title: 'Director' },
    ...{ signed: '2026-01-05', until: '2099-12-31' },
  }
  await writeFile(file, stringify(certificate))
  await writeFile(paper, 'signed')
  t.match(await haven('clerk', 'operator', 'certificate', 'add', '--file', file), { code: 1, err: /'document' is missing here/ })
  t.notOk(at.register.certificates.isCertified('us-dhs-ice-hsi'))
  const added = await haven('clerk', 'operator', 'certificate', 'add', '--file', file, '--document', paper)
  t.match(added, { code: 0, out: /^the certificate [0-9a-f]{32} is in-force$/ }, 'twin')
  t.ok(at.register.certificates.isCertified('us-dhs-ice-hsi'))
  const id = /[0-9a-f]{32}/.exec(added.out)?.[0] ?? ''
  t.match(await haven('dot', 'auditor', 'certificate', 'list'), { code: 0, out: new RegExp(`\n${id} +in-force +clerk`) })
  t.match(await haven('dot', 'auditor', 'certificate', 'revoke', id, '--why', 'x'), { code: 1, err: /role counsel or operator/ })
  t.match(await haven('ana', 'counsel', 'certificate', 'revoke', id, '--why', 'broken'), { code: 0, out: /is revoked/ })
  t.notOk(at.register.certificates.isCertified('us-dhs-ice-hsi'))
})
