// Breaks ten thousand law files and loads them: `npm run fuzz [-- N]`. Prints counts; exit 1 if anything crashed, was refused without a
// place, or permits more without being seen to.
import { fuzz, POLICIES } from '../policies/fuzz.ts'

const files = Number(process.argv[2] ?? 10_000)
const { refused, loaded, weaker, wrong } = fuzz(POLICIES, [...Array(files).keys()])
process.stdout.write(
  `${files} broken files: ${refused} refused with a place, ${loaded} loaded, of which ${weaker} would need two signatures\n`,
)
for (const one of wrong) process.stdout.write(`${one}\n`)
process.exitCode = wrong.length === 0 ? 0 : 1
