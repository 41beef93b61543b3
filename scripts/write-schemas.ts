import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeSchemas } from './schemas.ts'

// `npm run schemas`: writes schemas/*.schema.json from the zod schemas that read the files.
const folder = join(import.meta.dirname, '../schemas')
mkdirSync(folder, { recursive: true })
for (const [name, text] of makeSchemas()) writeFileSync(join(folder, name), text)
