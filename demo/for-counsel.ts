import { CAST } from './cast.ts'
import type { DemoRequest } from './demo-request.ts'

const STATUS = '/residents/residents?select=citizenship&id=eq.11'
const SHOWING = { 'Haven-Hold': '{status.hold}' }

const HELD: readonly DemoRequest[] = [
  {
    id: 'status',
    who: CAST.hud,
    wants: 'asks for the status of a tenant in assisted housing.',
    call: STATUS,
    expect: { status: 451, type: '/held', cites: '1373', hold: true, lacks: ['undocumented'] },
  },
  {
    id: 'status-polled',
    who: CAST.hud,
    wants: 'asks what became of it.',
    call: '/.haven/holds/{status.hold}',
    expect: { status: 200, contains: ['"state":"open"', '"dueAt"'] },
  },
  {
    id: 'status-early',
    who: CAST.hud,
    wants: 'asks again with the number of the hold, before counsel has decided.',
    headers: SHOWING,
    call: STATUS,
    expect: { status: 451, type: '/held', contains: ['not released'], lacks: ['undocumented'] },
  },
  {
    id: 'status-clerk',
    who: CAST.clerk,
    wants: 'cannot release it: that needs the role counsel.',
    call: '/holds/{status.hold}/release',
    step: { reason: 'the auditor is waiting' },
    expect: { status: 403, contains: ['role counsel'] },
  },
  {
    id: 'status-released',
    who: CAST.counsel,
    wants: 'releases it, for this caller, this question and one time.',
    call: '/holds/{status.hold}/release',
    step: { reason: 'eligibility for the assistance turns on it, 42 U.S.C. 1436a' },
    expect: { status: 200, contains: ['"state":"released"', 'counsel-ruiz'] },
  },
  {
    id: 'status-once',
    who: CAST.hud,
    wants: 'asks the same question with the number of the hold.',
    headers: SHOWING,
    call: STATUS,
    expect: { status: 200, contains: ['[{"citizenship":"undocumented"}]'] },
  },
  {
    id: 'status-twice',
    who: CAST.hud,
    wants: 'asks it a second time. The release is used.',
    headers: SHOWING,
    call: STATUS,
    expect: { status: 451, type: '/held', contains: ['was used'], lacks: ['undocumented'] },
  },
]

const REVIEWED: readonly DemoRequest[] = [
  {
    id: 'urgent',
    who: { ...CAST.fire, name: 'An engine of the fire department' },
    wants: 'asks at once for the gate code of a burning house, and gets it.',
    call: '/residents/residents?select=full_name,address,unit&id=eq.15',
    expect: { status: 200, contains: ['"gate_code"'] },
  },
  {
    id: 'urgent-seen',
    who: CAST.auditor,
    wants: 'sees that the call opened a review: what was urgent is looked at afterwards.',
    call: '/reviews/{urgent.decision}.1',
    expect: { status: 200, contains: ['"state":"open"', 'emergency access'] },
  },
  {
    id: 'urgent-reviewed',
    who: CAST.counsel,
    wants: 'compares it with the dispatch log and closes it.',
    call: '/reviews/{urgent.decision}.1/done',
    step: { note: 'a real call, see the dispatch log' },
    expect: { status: 200, contains: ['"state":"done"', 'counsel-ruiz'] },
  },
]

/** What the gate neither releases nor refuses by itself, and what it releases and somebody looks at again. */
export const FOR_COUNSEL: readonly DemoRequest[] = [...HELD, ...REVIEWED]
