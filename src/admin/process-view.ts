import { canBeActive, type ProcessView } from '../register/processes.ts'
import type { Instrument } from '../terms/instrument.ts'

/**
 * A process as JSON; times in milliseconds since 1970. `whole`: with the persons, dockets and words of the instrument, which are for counsel
 * alone.
 */
export function viewProcess(process: ProcessView, whole: boolean): object {
  const { id, kind, state, enteredBy, enteredAt, verified, ended, used, instrument } = process
  return {
    ...{ id, kind, state, enteredBy, enteredAt, verified, ended, used },
    canBecomeActive: instrument !== null && canBeActive(instrument),
    instrument: instrument && (whole ? instrument : outline(instrument)),
  }
}

/** Members are named one by one: a new one of the instrument stays counsel's until somebody decides otherwise. */
function outline({ kind, form, issuer, signed, from, until, scope, sealed, nonDisclosure, usableBy, uses }: Instrument): object {
  return {
    ...{ kind, form, signed, from, until, uses, sealed, nonDisclosure },
    issuer: { body: issuer.body, court: issuer.court, title: issuer.title },
    usableBy: { agencies: usableBy.agencies, oneCase: usableBy.case !== undefined },
    scope: scope.map(({ source, persons, collections, fields, classes }) => ({
      source,
      persons: persons.length,
      collections,
      fields,
      classes,
    })),
  }
}
