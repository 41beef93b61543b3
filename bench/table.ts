import type { Sample, Samples } from './measure.ts'

/** Median, least and greatest of the rounds. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

export interface Row {
  readonly target: string
  readonly rps: Spread
  readonly cpuUs: Spread | null
  readonly p50Ms: Spread
  readonly p99Ms: Spread
}

export interface Result {
  readonly scenario: string
  readonly rows: readonly Row[]
  /** Round by round Haven over the peer, so that a slow minute counts on both sides. */
  readonly ratios: { readonly rps: Spread; readonly cpu: Spread }
}

/** Turns rounds into medians and ratios. */
export function summarise(scenario: string, samples: Samples): Result {
  const rows = [...samples].map(([target, all]) => ({
    target,
    rps: spread(all.map(({ rps }) => rps)),
    cpuUs: all.every(({ cpuUs }) => cpuUs !== null) ? spread(all.map(({ cpuUs }) => cpuUs ?? 0)) : null,
    p50Ms: spread(all.map(({ p50Ms }) => p50Ms)),
    p99Ms: spread(all.map(({ p99Ms }) => p99Ms)),
  }))
  const over = (of: (sample: Sample) => number) => {
    const peer = samples.get('http-proxy') ?? []
    return spread((samples.get('haven') ?? []).map((sample, i) => of(sample) / of(peer[i]!)))
  }
  return { scenario, rows, ratios: { rps: over(({ rps }) => rps), cpu: over(({ cpuUs }) => cpuUs ?? 0) } }
}

function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const half = sorted.length / 2
  const median = (sorted[Math.ceil(half) - 1]! + sorted[Math.floor(half)]!) / 2
  return { median, min: sorted[0]!, max: sorted.at(-1)! }
}

/** A plain table: median, and in brackets the least and the greatest of the rounds. */
export function tabulate({ scenario, rows, ratios }: Result): string {
  const show = ({ median, min, max }: Spread, digits: number) =>
    `${median.toFixed(digits)} (${min.toFixed(digits)}-${max.toFixed(digits)})`.padStart(26)
  const head = `${'target'.padEnd(12)}${['requests/s', 'CPU us/request', 'p50 ms', 'p99 ms'].map(name => name.padStart(26)).join('')}`
  const lines = rows.map(
    ({ target, rps, cpuUs, p50Ms, p99Ms }) =>
      `${target.padEnd(12)}${show(rps, 0)}${cpuUs === null ? '-'.padStart(26) : show(cpuUs, 1)}${show(p50Ms, 2)}${show(p99Ms, 2)}`,
  )
  const ratio = `haven / http-proxy: requests/s ${show(ratios.rps, 2).trim()}, CPU per request ${show(ratios.cpu, 2).trim()}`
  return [scenario, head, ...lines, ratio].join('\n')
}
