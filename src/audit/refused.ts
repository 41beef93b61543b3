import { Fault } from '../terms/faults.ts'

/** The journal cannot record, or will not start: an operating fault, for the operator's log. */
export function refused(message: string, cause?: unknown): Fault {
  return new Fault('fault.journal', 'unavailable', message, cause === undefined ? {} : { cause })
}
