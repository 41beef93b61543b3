import type { Command } from 'commander'
import { type AdminOptions, type AdminParts, checkId } from './admin-client.ts'
import type { CliIo } from './io.ts'
import { addList, addShow, type Kind } from './look-up.ts'
import { plain } from './show-item.ts'
import { addStep } from './take-step.ts'

const COLUMNS = ['id', 'state', 'what', 'agency', 'purpose', 'source', 'times', 'dueAt', 'overdue']
const NOTICES: Kind = { shelf: 'notices', listed: 'notices', columns: COLUMNS }
const REVIEWS: Kind = { shelf: 'reviews', listed: 'reviews', columns: COLUMNS }

type Noted = AdminOptions & { readonly note: string }
type Reviewed = Noted & { readonly lift?: boolean }

/** `haven notice list | show | done`: whom the law wants told. */
export function addNotice(program: Command, io: CliIo, parts: AdminParts): void {
  const group = program.command('notice').description('whom the law wants told')
  addList(group, io, parts, NOTICES, 'all notices, the oldest first')
  addShow(group, io, parts, NOTICES, 'one notice')
  const done = group
    .command('done <id>')
    .description('say that it was given')
    .requiredOption('--note <text>', 'how; kept in the register alone')
  addStep<Noted>(done, io, parts, {
    path: id => `/notices/${checkId(id)}/done`,
    body: ({ note }) => ({ note }),
    say: item => `the notice ${plain(item['id'])} is ${plain(item['state'])}`,
  })
}

/** `haven review list | show | done`: what counsel looks at again. */
export function addReview(program: Command, io: CliIo, parts: AdminParts): void {
  const group = program.command('review').description('what counsel looks at again')
  addList(group, io, parts, REVIEWS, 'all reviews, the oldest first')
  addShow(group, io, parts, REVIEWS, 'one review')
  const done = group
    .command('done <id>')
    .description('say what came of it')
    .requiredOption('--note <text>', 'what; kept in the register alone')
    .option('--lift', 'of a repeated question: the earlier refusal no longer binds')
  addStep<Reviewed>(done, io, parts, {
    path: id => `/reviews/${checkId(id)}/done`,
    body: ({ note, lift }) => ({ note, ...(lift ? { lift } : {}) }),
    say: item => `the review ${plain(item['id'])} is ${plain(item['state'])}`,
  })
}
