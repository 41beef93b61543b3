import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { decide } from '../../src/policy/decide.ts'
import { prepare } from '../../src/prepare.ts'
import { makeShadow } from '../../src/rulebook/shadow.ts'
import type { Inquiry } from '../../src/terms/inquiry.ts'
import type { Judgement } from '../../src/terms/judgement.ts'
import { FACTS, PARTIES, permitted } from '../audit/given.ts'
import { json, upstream } from '../support/upstream.ts'
import { city, metric, NEW_RULE, until } from './city.ts'

const ASK = '/residents/residents?select=address&id=eq.R-1'
const OTHER = '/residents/residents?select=full_name&id=eq.R-1'

t.test('a candidate decides beside the law, and only the journal knows', async t => {
  const records = await upstream(t, json([{ id: 'R-1', address: '1 Main St', full_name: 'Ana Example' }]))
  const la = await city(t, records.url)
  await cp(la.policies, join(la.dir, 'candidate'), { recursive: true })
  await la.edit('candidate/us-ca-los-angeles/ordinance-188441.yaml', law => law.rules.push(NEW_RULE))
  const gate = await la.start(t, {}, { shadow: 'candidate' })
  t.same((await gate.get(ASK)).json(), [{ address: '1 Main St' }], 'the call is answered as the law in force says')
  t.equal((await gate.get(OTHER)).status, 200)
  const [differs, agrees] = (await gate.entries()).filter(({ kind }) => kind === 'decision')
  t.match(differs, {
    decision: { kind: 'permit', released: ['locating'] },
    shadow: {
      rulebook: /^[0-9a-f]{64}$/,
      kind: 'deny',
      released: [],
      held: [],
      withheld: ['locating'],
      rules: ['us-ca-los-angeles-ordinance-188441/nobody-reads-addresses'],
    },
  })
  t.notMatch(differs, { shadow: { rulebook: differs?.['rulebook'] } })
  t.notOk(agrees && 'shadow' in agrees, 'where both agree there is nothing to say')
  t.match(await metric(gate, 'haven_shadow_decisions_total'), /result="different"} 1[\s\S]*result="same"} 1/)

  await la.edit('candidate/us-ca-los-angeles/ordinance-188441.yaml', law => law.rules.pop())
  await until(async () => {
    const before = (await gate.entries()).length
    await gate.get(ASK)
    return !('shadow' in ((await gate.entries())[before] ?? {}))
  }, 'the candidate is read again')
})

t.test('a broken candidate stops nobody', async t => {
  const records = await upstream(t, json([{ id: 'R-1', address: '1 Main St' }]))
  const la = await city(t, records.url)
  await cp(la.policies, join(la.dir, 'candidate'), { recursive: true })
  await la.text('candidate/us-ca-los-angeles/ordinance-188441.yaml', text => text.replace('then: deny', 'then: denny'))
  const gate = await la.start(t, {}, { shadow: 'candidate' })
  t.equal((await gate.get(ASK)).status, 200)
  t.match(prepare(gate.configFile).warnings.join('\n'), /policies\.shadow: the candidate does not load.*denny/, 'haven check says it')
})

t.test('a candidate that throws is counted, and the judgement goes on as it came', async t => {
  const { rulebook } = prepare(join(import.meta.dirname, '../../demo/haven.yaml'))
  const broken = {
    ...rulebook,
    get rules(): never {
      throw new Error('boom')
    },
  }
  const counts = { same: 0, different: 0, failed: 0 }
  const counted = { decided: (result: 'same' | 'different') => void counts[result]++, failed: () => void counts.failed++ }
  const { requester, recipients, purpose, process } = PARTIES
  const inquiry: Inquiry = {
    ...{ requester, recipients, purpose: purpose.code, process, at: Date.parse('2026-12-01') },
    ...{ bulk: false, routed: false, retry: false, attested: false, self: false },
    source: { keeper: 'housing', records: 'housing' },
    uses: [{ class: 'locating', kind: 'select' }],
  }
  const judgement: Judgement = { ...permitted('d'), inquiry, query: FACTS, decision: decide(rulebook, inquiry) }
  t.equal(makeShadow('x', broken, counted)(judgement), judgement)
  t.equal(makeShadow('x', rulebook, counted)(judgement), judgement, 'twin: a sound one that agrees')
  t.same(counts, { same: 1, different: 0, failed: 1 })
})
