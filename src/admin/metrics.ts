import { Counter, collectDefaultMetrics, Registry } from 'prom-client'
import type { Stages } from '../gatekeeper.ts'

export interface Metrics {
  /** The stages, with decisions and outcomes counted. */
  readonly counted: (stages: Stages) => Stages
  readonly unauthenticated: () => void
  /** Prometheus text format. */
  readonly text: () => Promise<string>
}

/** Counts by closed words only: no agency, person, hold or field in a label, since metrics are read by many. */
export function createMetrics(): Metrics {
  const registers = [new Registry()]
  const [registry] = registers as [Registry]
  collectDefaultMetrics({ register: registry })
  const decisions = new Counter({ name: 'haven_decisions_total', help: 'Decisions recorded', labelNames: ['decision', 'reply'], registers })
  const outcomes = new Counter({ name: 'haven_outcomes_total', help: 'What became of permitted calls', labelNames: ['state'], registers })
  const strangers = new Counter({ name: 'haven_unauthenticated_total', help: 'Calls without an accepted token', registers })
  return {
    counted: stages => ({
      ...stages,
      async recordDecision(judgement) {
        const receipt = await stages.recordDecision(judgement)
        const { decision } = judgement
        decisions.inc({
          decision: decision.kind,
          reply: decision.kind === 'deny' ? decision.reply : decision.kind === 'hold' ? 'held' : 'released',
        })
        return receipt
      },
      async recordOutcome(receipt, outcome) {
        await stages.recordOutcome(receipt, outcome)
        outcomes.inc({ state: outcome.state })
      },
    }),
    unauthenticated: () => strangers.inc(),
    text: () => registry.metrics(),
  }
}
