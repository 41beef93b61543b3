import { Counter, Gauge, type Registry } from 'prom-client'
import type { Step } from '../register/book.ts'
import type { Judgement } from '../terms/judgement.ts'

/** What waits now. */
export interface Waiting {
  readonly holdsOpen: number
  readonly holdsOverdue: number
  readonly noticesOverdue: number
  readonly reviewsOverdue: number
}

export interface RegisterMetrics {
  readonly waiting: (numbers: Waiting) => void
  /** A step was recorded. Told of new ones alone: a restart must not count the journal's past again. */
  readonly step: (kind: Step['kind']) => void
  readonly decided: (judgement: Judgement) => void
}

/** The register in numbers, by closed words only. */
export function createRegisterMetrics(registers: Registry[]): RegisterMetrics {
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers })
  const holdsOpen = gauge('haven_holds_open', 'Holds that wait')
  const holdsOverdue = gauge('haven_holds_overdue', 'Holds that wait longer than the law gives')
  const noticesOverdue = gauge('haven_notices_overdue', 'Notices that should have been given')
  const reviewsOverdue = gauge('haven_reviews_overdue', 'Reviews that should have been done')
  const retries = new Counter({
    name: 'haven_retries_total',
    help: 'Calls that repeat a refused question in other words',
    labelNames: ['judged'],
    registers,
  })
  const bulk = new Counter({ name: 'haven_bulk_calls_total', help: 'Calls that count as reading in bulk', registers })
  const limited = new Counter({ name: 'haven_rate_limited_total', help: 'Calls refused because their agency asks too often', registers })
  const steps = new Counter({ name: 'haven_register_steps_total', help: 'Steps taken in the register', labelNames: ['kind'], registers })
  return {
    waiting: numbers => {
      holdsOpen.set(numbers.holdsOpen)
      holdsOverdue.set(numbers.holdsOverdue)
      noticesOverdue.set(numbers.noticesOverdue)
      reviewsOverdue.set(numbers.reviewsOverdue)
    },
    step: kind => steps.inc({ kind }),
    decided: ({ consulted, decision }) => {
      if (consulted?.retry) retries.inc({ judged: String(consulted.retry.judged) })
      if (consulted?.bulk) bulk.inc()
      if (decision.reasons.some(({ code }) => code === 'rate.exceeded')) limited.inc()
    },
  }
}
