import t from 'tap'
import { concludePurpose } from '../../src/requester/conclude-purpose.ts'
import type { Declarations } from '../../src/requester/read-declarations.ts'
import { rememberConclusions } from '../../src/requester/remember-conclusions.ts'
import { LAFD, LAPD, shipped, shippedLexicon } from './call.ts'

const say = (code: string, reason: string | null, from: 'claim' | 'header' = 'claim'): Declarations => ({
  ...{ purpose: { code, from }, reason, case: null, recipients: [], process: null, presented: { process: null, hold: null } },
})

// The same words mean one thing from an ambulance and another from a badge: remembered for one, they must not answer for the other.
t.test('a conclusion is remembered for the same words of the same body, and for nothing else', async t => {
  const conclude = rememberConclusions(shippedLexicon)
  const [police, fire] = [shipped.byId(LAPD), shipped.byId(LAFD)]
  const asked = [
    { declarations: say('emergency', 'patient fell at the ICE office'), agency: fire },
    { declarations: say('emergency', 'patient fell at the ICE office'), agency: police },
    { declarations: say('emergency', 'patient fell at the ICE office'), agency: null },
    { declarations: say('criminal-investigation', 'patient fell at the ICE office'), agency: police },
    { declarations: say('emergency', 'patient fell at the ICE office', 'header'), agency: police },
    { declarations: say('emergency', 'for ICE ERO'), agency: police },
    { declarations: say('emergency', null), agency: police },
    { declarations: { ...say('emergency', null), case: 'for ICE ERO' }, agency: police },
    { declarations: { ...say('emergency', null), purpose: null }, agency: police },
  ]
  for (let i = 0; i < 2; i++)
    for (const { declarations, agency } of asked)
      t.same(
        conclude(declarations, agency),
        concludePurpose(declarations, agency, shippedLexicon),
        JSON.stringify([declarations, agency?.id]),
      )
  const [first] = asked
  if (first)
    t.equal(
      conclude(first.declarations, first.agency),
      conclude({ ...first.declarations }, first.agency),
      'twin: the very same, remembered',
    )
})

t.test('memory is bounded, and what was forgotten is concluded again', async t => {
  const conclude = rememberConclusions(shippedLexicon)
  const police = shipped.byId(LAPD)
  const first = conclude(say('public-safety', 'for ICE ERO'), police)
  t.equal(conclude(say('public-safety', 'for ICE ERO'), police), first)
  for (let i = 0; i < 2_048; i++) conclude(say('public-safety', `report ${i}`), police)
  const again = conclude(say('public-safety', 'for ICE ERO'), police)
  t.not(again, first)
  t.same(again, first)
})
