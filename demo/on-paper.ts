import { CAST } from './cast.ts'
import type { DemoRequest } from './demo-request.ts'
import { HOUSEHOLD, makeI205, makeWarrant } from './instruments.ts'

const ADDRESS = encodeURIComponent(HOUSEHOLD.address)
const ONE = `/utility/accounts?select=id,holder,service_address&id=eq.${HOUSEHOLD.named}`
const ALL = `/utility/accounts?select=id,holder,service_address&service_address=eq.${ADDRESS}`
const NOBODY = ['Irina Aguilar', 'Ernesto Castillo']

const FORM: readonly DemoRequest[] = [
  {
    id: 'form',
    who: CAST.clerk,
    wants: 'enters the I-205 that ICE brought to the counter, so that there is a record of it.',
    call: '/process',
    step: makeI205(),
    expect: { status: 201, contains: ['"state":"entered"', '"canBecomeActive":false'] },
  },
  {
    id: 'form-verified',
    who: CAST.counsel,
    wants: 'cannot make a warrant of it: no court issued it.',
    call: '/process/{form.entered}/verify',
    step: {},
    expect: { status: 409, contains: ['no court process'] },
  },
  {
    id: 'form-shown',
    who: CAST.ice,
    wants: 'shows its number and asks where a water customer lives.',
    headers: { 'Haven-Process': '{form.entered}' },
    call: ONE,
    expect: { status: 451, type: '/law', cites: '188441', contains: ['not active'], lacks: NOBODY },
  },
]

const WARRANT: readonly DemoRequest[] = [
  {
    id: 'warrant',
    who: CAST.clerk,
    wants: 'enters a warrant that a United States magistrate judge signed, for the record of one customer.',
    call: '/process',
    step: makeWarrant(),
    expect: { status: 201, contains: ['"state":"entered"', '"canBecomeActive":true'] },
  },
  {
    id: 'warrant-unverified',
    who: CAST.ice,
    wants: 'shows it before anybody looked at it with the court.',
    headers: { 'Haven-Process': '{warrant.entered}' },
    call: ONE,
    expect: { status: 451, type: '/held', hold: true, lacks: NOBODY },
  },
  {
    id: 'warrant-first',
    who: CAST.counsel,
    wants: 'called the court and verifies it.',
    call: '/process/{warrant.entered}/verify',
    step: {},
    expect: { status: 200, contains: ['"state":"entered"', 'counsel-ruiz'] },
  },
  {
    id: 'warrant-alone',
    who: CAST.counsel,
    wants: 'cannot verify it a second time: it takes another person.',
    call: '/process/{warrant.entered}/verify',
    step: {},
    expect: { status: 409, contains: ['another person must verify it too'] },
  },
  {
    id: 'warrant-once',
    who: CAST.ice,
    wants: 'asks again. One verification is not enough.',
    headers: { 'Haven-Process': '{warrant.entered}' },
    call: ONE,
    expect: { status: 451, type: '/held', hold: true, lacks: NOBODY },
  },
  {
    id: 'warrant-second',
    who: CAST.secondCounsel,
    wants: 'looked at the document too and verifies it.',
    call: '/process/{warrant.entered}/verify',
    step: {},
    expect: { status: 200, contains: ['"state":"active"', 'counsel-okafor'] },
  },
  {
    id: 'warrant-household',
    who: CAST.ice,
    wants: 'asks for everybody at the address. Two customers live there; the warrant names one.',
    headers: { 'Haven-Process': '{warrant.entered}' },
    call: ALL,
    expect: { status: 200, contains: ['Irina Aguilar', HOUSEHOLD.address], lacks: ['Ernesto Castillo', HOUSEHOLD.other] },
  },
  {
    id: 'warrant-of-others',
    who: CAST.cbp,
    wants: 'was given the number of the warrant. It names another agency.',
    headers: { 'Haven-Process': '{warrant.entered}' },
    call: ONE,
    expect: { status: 451, type: '/law', contains: ['names another agency'], lacks: NOBODY },
  },
]

/** A form opens nothing; a warrant opens what it names, after two people verified it. */
export const ON_PAPER: readonly DemoRequest[] = [...FORM, ...WARRANT]
