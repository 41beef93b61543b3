import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Stages } from '../gatekeeper.ts'
import { createRegisterMetrics, type RegisterMetrics } from './register-metrics.ts'

export interface Metrics {
  /** The stages, with decisions and outcomes counted. */
  readonly counted: (stages: Stages) => Stages
  readonly unauthenticated: () => void
  /** The rulebook that took force, by its digest. */
  readonly rulebook: (digest: string) => void
  /** A rulebook that was offered and did not take force. */
  readonly reloadFailed: () => void
  /** What a candidate came to beside the rulebook in force. */
  readonly shadow: { readonly decided: (result: 'same' | 'different') => void; readonly failed: () => void }
  /** What waits in the register, and the steps taken there. */
  readonly register: Pick<RegisterMetrics, 'waiting' | 'step'>
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
  const info = new Gauge({ name: 'haven_rulebook_info', help: 'The rulebook in force', labelNames: ['digest'], registers })
  const refused = new Counter({ name: 'haven_rulebook_reload_failures_total', help: 'Rulebooks that did not take force', registers })
  const shadows = new Counter({ name: 'haven_shadow_decisions_total', help: 'Decisions of a candidate', labelNames: ['result'], registers })
  const shadowErrors = new Counter({ name: 'haven_shadow_errors_total', help: 'Decisions a candidate failed to make', registers })
  const register = createRegisterMetrics(registers)
  return {
    register,
    rulebook: digest => {
      info.reset()
      info.set({ digest }, 1)
    },
    reloadFailed: () => refused.inc(),
    shadow: { decided: result => shadows.inc({ result }), failed: () => shadowErrors.inc() },
    counted: stages => ({
      ...stages,
      async recordDecision(judgement) {
        const receipt = await stages.recordDecision(judgement)
        register.decided(judgement)
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
