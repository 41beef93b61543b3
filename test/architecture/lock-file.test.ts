import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ROOT } from './source.ts'

interface Locked {
  readonly version?: string
  readonly resolved?: string
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const lock: { packages: Record<string, Locked> } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'))
const { packages } = lock

t.test('the lock file names every optional package, also those of other platforms', async t => {
  // npm leaves out what a registry mirror does not carry, and `npm ci` then refuses the lock file on every machine.
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      name => !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages),
    ),
  )
  t.same(missing, [], 'add the entries (version, os, cpu, optional) by hand')
})

t.test('the lock file names no registry host', async t => {
  t.same(
    Object.values(packages).filter(({ resolved }) => resolved !== undefined),
    [],
  )
})
