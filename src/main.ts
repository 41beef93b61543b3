#!/usr/bin/env node
import { dirname, resolve } from 'node:path'
import { stdout } from 'node:process'
import { Command, CommanderError } from 'commander'
import { clock, serve } from './assembly.ts'
import { addAgenciesImport } from './cli/agencies-import.ts'
import { addCertificate } from './cli/certificate.ts'
import { addCheck } from './cli/check.ts'
import { addHold } from './cli/hold.ts'
import type { CliIo } from './cli/io.ts'
import { addJournalKey } from './cli/journal-key.ts'
import { addJournalShow } from './cli/journal-show.ts'
import { addJournalVerify } from './cli/journal-verify.ts'
import { journalledInquiry } from './cli/journalled-inquiry.ts'
import { addPolicyBundle } from './cli/policy-bundle.ts'
import { addPolicyDiff } from './cli/policy-diff.ts'
import { addPolicyExplain } from './cli/policy-explain.ts'
import { addPolicyProve } from './cli/policy-prove.ts'
import { addPolicyReplay } from './cli/policy-replay.ts'
import { addPolicySign } from './cli/policy-sign.ts'
import { addPolicyTest } from './cli/policy-test.ts'
import { addProcess } from './cli/process.ts'
import { addServe } from './cli/serve.ts'
import { addNotice, addReview } from './cli/tasks.ts'
import { readYaml } from './config/read-yaml.ts'
import { loadJournalKey, openOffline } from './open-offline.ts'
import { askAdmin } from './outbound.ts'
import { asleepAt } from './policy/asleep.ts'
import { compareOnThread } from './policy-thread.ts'
import { prepare, prepareCandidate } from './prepare.ts'
import { loadTestablePolicies, prepareFolder } from './prepare-cases.ts'
import { loadProvablePolicies } from './prepare-proof.ts'
import { FilesRefused } from './terms/faults.ts'

const io: CliIo = {
  print: line => void process.stdout.write(`${line}\n`),
  warn: line => void process.stderr.write(`${line}\n`),
  exit: code => {
    process.exitCode = code
  },
  ...(stdout.isTTY ? { progress: (line: string) => void process.stderr.write(`\r${line}`) } : {}),
}

// `haven journal show DIR | head` closes the pipe early: that is no failure.
process.stdout.on('error', error => {
  if ('code' in error && error.code === 'EPIPE') process.exit(0)
  throw error
})

function untilStopped(): Promise<void> {
  return new Promise(stop => {
    process.once('SIGINT', () => stop())
    process.once('SIGTERM', () => stop())
  })
}

const program = new Command('haven').description("a gatekeeper for a city's records").exitOverride().showHelpAfterError()
addServe(program, io, serve, untilStopped)
addCheck(program, io, config => {
  const { warnings, weakenings, rulebook, sources, loaded } = prepare(config)
  const { policies, journal } = loaded.haven.value
  const notes = [...warnings, ...asleepAt(rulebook, clock()), ...weakenings.map(weakening => `the vocabulary is overridden: ${weakening}`)]
  const offered = { digest: loaded.rulebookDigest, journalDir: journal.dir, signers: policies.signers }
  return {
    warnings: notes,
    offered,
    summary: `ok: ${rulebook.rules.length} rules, ${rulebook.grants.length} grants, ${sources.length} sources`,
  }
})
const policy = program.command('policy').description('the law as files')
addPolicyTest(policy, io, loadTestablePolicies)
addPolicyProve(policy, io, loadProvablePolicies, clock)
addPolicyDiff(policy, io, loadProvablePolicies, clock)
addPolicyExplain(policy, io, {
  prepareFolder,
  readInquiry: (id, config) => {
    if (config === undefined) throw new Error('--entry reads the journal of a configuration; add --config')
    return journalledInquiry(prepare(config).loaded.haven.value.journal.dir, id)
  },
  prepare: config => {
    const prepared = prepare(config)
    return { ...prepared, home: prepared.loaded.haven.value.owner.jurisdiction }
  },
  readGiven: (file, schema) => {
    const reading = readYaml(resolve(dirname('.'), file), schema)
    if ('problems' in reading) throw new FilesRefused(reading.problems)
    return reading.read.value
  },
})
addPolicySign(policy, io, {
  load: config => {
    const { canonical, haven } = prepare(config, 'ignored').loaded
    return { canonical, policiesDir: haven.value.policies.dir, journalDir: haven.value.journal.dir }
  },
  compare: (before, after) => compareOnThread(before, after, clock()),
})
addPolicyBundle(policy, io, { load: (config, bundle) => prepare(config, bundle).loaded })
addPolicyReplay(policy, io, (config, laws) => {
  const prepared = prepare(config)
  const { haven, canonical: inForce } = prepared.loaded
  const { canonical, rulebook } = prepareCandidate(prepared, laws)
  const now = { ...inForce, rulebook: prepared.rulebook }
  return { journalDir: haven.value.journal.dir, now, candidate: { ...canonical, rulebook } }
})
const agencies = program.command('agencies').description('the agency directory')
addAgenciesImport(agencies, io)
const admin = { ask: askAdmin, openOffline }
addProcess(program, io, admin)
addHold(program, io, admin)
addNotice(program, io, admin)
addReview(program, io, admin)
addCertificate(program, io, admin)
const journal = program.command('journal').description("the journal: evidence that needs nobody's word")
addJournalVerify(journal, io)
addJournalShow(journal, io)
addJournalKey(journal, io, loadJournalKey)

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? 0 : 2
}
