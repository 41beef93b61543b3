import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { compileSearch } from '../../../src/redact/compile-search.ts'
import { Vocabulary } from '../../../src/terms/catalogue.ts'

const FILE = join(import.meta.dirname, '../../../policies/vocabulary.yaml')

/** The search a gate runs: with the phrases that are in force. */
export const SEARCH = compileSearch(Vocabulary.parse(parse(readFileSync(FILE, 'utf8'))).phrases)
