import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { parse } from 'yaml'
import { CAST } from './cast.ts'
import { CHAPTERS } from './chapters.ts'
import { makeCounselKey } from './counsel-key.ts'
import { HavenDown, type HavenProcess, startHaven } from './haven-process.ts'
import { type Issuer, startIssuer } from './issuer.ts'
import { listen, PortTaken } from './listen.ts'
import { showCalls } from './pasteable.ts'
import { type Given, playRequest } from './play.ts'
import { startRecordApi } from './record-api.ts'
import { openPage, type Page } from './show.ts'

const USAGE = `usage: npm start -- [--once] [--help]

Starts the demo city (record API, token issuer, Haven), plays its requests and stays up until Ctrl-C.

  --once   play the requests, close everything; exit 1 if one did not end as it should
  --help   show this
`
const ROOT = join(import.meta.dirname, '..')
const STATE = join(import.meta.dirname, '.city')
const CONFIG = 'demo/haven.yaml'

type Close = () => Promise<void>

// Haven would say it too, but only after the rest has started, and in the words of a server.
const checkPorts = async (): Promise<void> => {
  const config: { listen: Record<'gate' | 'admin', { port: number }> } = parse(await readFile(join(ROOT, CONFIG), 'utf8'))
  for (const name of ['gate', 'admin'] as const) {
    const probe = await listen(`Haven's ${name} address`, config.listen[name].port, () => {})
    await probe.close()
  }
}

const writeTokens = async (issuer: Issuer): Promise<void> => {
  await mkdir(join(STATE, 'tokens'), { recursive: true })
  for (const actor of Object.values(CAST)) {
    await writeFile(join(STATE, 'tokens', `${actor.file}.jwt`), await issuer.mint(actor.token), { mode: 0o600 })
  }
}

/** Plays every chapter; returns the ids of the requests that did not end as they should, with why. */
const play = async (page: Page, haven: HavenProcess, issuer: Issuer): Promise<readonly string[]> => {
  const given: Given = new Map()
  const failed: string[] = []
  for (const chapter of CHAPTERS) {
    page.chapter(chapter.title)
    for (const request of chapter.requests) {
      const token = request.who === null ? null : await issuer.mint(request.who.token)
      const played = await playRequest(haven, request, token, given)
      page.played(played)
      if (played.faults.length > 0) failed.push(`${request.id}: ${played.faults.join('; ')}`)
    }
  }
  return failed
}

/** Resolves to `code` when Ctrl-C or a supervisor asks the demo to end: half a `--once` is not a success. */
const untilAsked = (code: number): Promise<number> =>
  new Promise(resolve => {
    process.once('SIGINT', () => resolve(code))
    process.once('SIGTERM', () => resolve(code))
  })

const summarise = (page: Page, failed: readonly string[]): void => {
  const total = CHAPTERS.reduce((sum, chapter) => sum + chapter.requests.length, 0)
  page.line()
  if (failed.length === 0) page.line(`All ${total} requests ended as they should.`, 'green')
  else {
    page.line(`${failed.length} of ${total} requests did not end as they should:`, 'red')
    for (const failure of failed) page.line(`  ${failure}`, 'red')
  }
}

const run = async (once: boolean, onOpen: (close: Close) => void): Promise<number> => {
  const page = openPage(process.stdout)
  page.line('Haven, the demo city', 'bold')
  page.line('Invented people, a record API that answers everything it is asked, and a gate before it.')
  await checkPorts()
  await mkdir(join(STATE, 'keys'), { recursive: true })
  await makeCounselKey(join(STATE, 'keys'))
  const records = await startRecordApi()
  onOpen(records.close)
  const issuer = await startIssuer()
  onOpen(issuer.close)
  await writeTokens(issuer)
  const haven = await startHaven(ROOT, CONFIG)
  onOpen(haven.close)
  page.line(`record API ${records.url}   issuer ${issuer.url}   gate ${haven.gate}   admin ${haven.admin}`, 'dim')
  const failed = await play(page, haven, issuer)
  summarise(page, failed)
  if (failed.length > 0 && haven.log() !== '') process.stderr.write(`\nHaven's log:\n${haven.log()}\n`)
  if (once) return failed.length === 0 ? 0 : 1
  showCalls(page, haven)
  await haven.ended
  throw new HavenDown(`Haven ended by itself. It said:\n${haven.log()}`)
}

const main = async (once: boolean): Promise<number> => {
  const closers: Close[] = []
  try {
    return await Promise.race([run(once, close => closers.unshift(close)), untilAsked(once ? 130 : 0)])
  } catch (error) {
    if (!(error instanceof HavenDown || error instanceof PortTaken)) throw error
    process.stderr.write(`\n${error.message}\n`)
    return 1
  } finally {
    // Last opened, first closed: the gate must write its last entries while what it asks is still there.
    for (const close of closers) await close()
  }
}

const readFlags = (): { readonly once: boolean; readonly help: boolean } | null => {
  try {
    const { values } = parseArgs({ options: { once: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } })
    return values
  } catch {
    return null
  }
}

const flags = readFlags()
if (flags === null) {
  process.stderr.write(USAGE)
  process.exitCode = 2
} else if (flags.help) process.stdout.write(USAGE)
// An exit, not an exit code: a Haven that was still starting when Ctrl-C came would keep the demo alive.
else process.exit(await main(flags.once))
