import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeLawDocs } from './law-docs.ts'

// `npm run law-docs`: writes docs/laws/<jurisdiction>.md from policies/, and removes the page of a jurisdiction that has no law any more.
const folder = join(import.meta.dirname, '../docs/laws')
const pages = makeLawDocs(join(import.meta.dirname, '../policies'))
mkdirSync(folder, { recursive: true })
for (const name of readdirSync(folder)) if (!pages.has(name)) rmSync(join(folder, name))
for (const [name, text] of pages) writeFileSync(join(folder, name), text)
