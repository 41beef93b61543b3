import type { HavenProcess } from './haven-process.ts'
import type { Page } from './show.ts'

const token = (file: string): string => `"Authorization: Bearer $(cat demo/.city/tokens/${file}.jwt)"`

const desk = (command: string, admin: string): string =>
  `npm run --silent haven -- ${command} --admin ${admin} --token demo/.city/tokens/counsel.jwt`

/** Prints calls that can be pasted into a shell at the root of the checkout. Tokens lie in demo/.city/tokens, valid for eight hours. */
export const showCalls = (page: Page, { gate, admin }: Pick<HavenProcess, 'gate' | 'admin'>): void => {
  page.chapter('To paste (in the root of the checkout, while this runs)')
  const calls: readonly (readonly [string, string])[] = [
    ['a caseworker reads a file', `curl -i -H ${token('housing')} '${gate}/residents/residents?id=eq.11'`],
    ['ICE asks', `curl -i -H ${token('ice')} '${gate}/residents/residents?select=address&id=eq.11'`],
    [
      'an officer asks, with a reason',
      `curl -i -H ${token('officer')} -H 'Haven-Reason: for%20ICE%20ERO' \\\n    '${gate}/police/stops?select=driver_name&id=eq.4'`,
    ],
    ['what the county may ask', `curl -H ${token('county')} ${gate}/.haven/benefits`],
    ['the same record, past the gate', `curl 'http://127.0.0.1:9001/residents?id=eq.11'`],
    ['what waits for counsel?', desk('hold list', admin)],
    ['what was urgent, and is looked at again?', desk('review list', admin)],
    [
      'is the journal whole?',
      'npm run --silent haven -- journal verify demo/.city/journal/ \\\n    --key "$(cat demo/.city/journal/public/vkey)"',
    ],
    ['what anybody may see of it', `curl ${admin}/journal/checkpoint`],
  ]
  for (const [title, call] of calls) {
    page.line(`\n# ${title}`, 'dim')
    page.line(call)
  }
  page.line('\nCtrl-C ends the demo.', 'bold')
}
