import t from 'tap'
import { readClaims } from '../../src/requester/claims.ts'

const sound = { iss: 'https://id.example', sub: 'a', exp: 1 }

t.test('a sound payload is read, and unknown claims are ignored', async t => {
  const claims = readClaims({ ...sound, roles: ['admin'], agency: 'x', recipient: ['a', 'b'], subject_of: { residents: '7' } })
  t.match(claims, { ...sound, agency: 'x', recipient: ['a', 'b'], subject_of: { residents: '7' } })
  t.notOk('roles' in claims)
  t.match(readClaims(sound), sound)
})

t.test('only a plain true verifies an e-mail, and anything else refuses no token', async t => {
  for (const verified of ['true', 'false', 1, null, {}])
    t.match(readClaims({ ...sound, email_verified: verified }), { ...sound, email_verified: false }, JSON.stringify(verified))
  t.match(readClaims({ ...sound, email_verified: true }), { email_verified: true }, 'twin')
})

t.test('a payload that cannot say who asks is unauthenticated', async t => {
  const payloads = [
    null,
    'token',
    [],
    [sound],
    {},
    { ...sound, exp: undefined },
    { ...sound, exp: '1' },
    { ...sound, exp: Number.NaN },
    { ...sound, iss: '' },
    { ...sound, sub: '' },
    { ...sound, sub: 5 },
    { ...sound, agency: ['a'] },
    { ...sound, agency: null },
    { ...sound, ori: 9 },
    { ...sound, subject_of: { residents: 7 } },
    { ...sound, agency: 5, purpose: 5 },
  ]
  for (const payload of payloads)
    t.match(
      readClaims(payload),
      { kind: 'party-refusal', reply: 'unauthenticated', reason: { code: 'token.invalid' } },
      JSON.stringify(payload),
    )
})

t.test('a declaration of the wrong type is malformed, and the login is known', async t => {
  for (const claim of [{ purpose: 5 }, { reason: ['x'] }, { case: {} }, { recipient: [1] }])
    t.match(
      readClaims({ ...sound, ...claim }),
      { reply: 'malformed', reason: { code: 'party.bad-declaration' }, login: { issuer: sound.iss, subject: 'a' } },
      JSON.stringify(claim),
    )
})
