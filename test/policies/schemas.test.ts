import { globSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import t from 'tap'
import { parse } from 'yaml'
import { makeSchemas } from '../../scripts/schemas.ts'
import { LawFile } from '../../src/terms/law.ts'
import { ROOT } from '../architecture/source.ts'

const SCHEMAS = join(ROOT, 'schemas')
const made = makeSchemas()

t.test('the schemas in schemas/ are those of the code', async t => {
  t.same(new Set(readdirSync(SCHEMAS)), new Set(made.keys()))
  for (const [name, text] of made) t.equal(readFileSync(join(SCHEMAS, name), 'utf8'), text, `${name}: run \`npm run schemas\``)
})

/** What kind of file a file of policies/ is, by its name. */
function kindOf(path: string): string {
  const name = basename(path, '.yaml')
  if (dirname(path) === '.' || name === 'grants') return name
  return name.endsWith('.cases') ? 'cases' : 'law'
}

const policies = globSync('**/*.yaml', { cwd: join(ROOT, 'policies') }).toSorted()

t.test('every policy file begins by naming its schema, for editors', async t => {
  t.ok(policies.length > 10)
  for (const path of policies) {
    const file = join(ROOT, 'policies', path)
    const [first = ''] = readFileSync(file, 'utf8').split('\n', 1)
    const named = /^# yaml-language-server: \$schema=(\S+)$/.exec(first)?.[1]
    const schema = join(SCHEMAS, `${kindOf(path)}.schema.json`)
    t.equal(named, relative(dirname(file), schema), path)
    t.ok(readdirSync(SCHEMAS).includes(basename(resolve(dirname(file), named ?? ''))), `${path}: the schema is there`)
  }
})

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true, validateFormats: false })
const validators = new Map([...made].map(([name, text]) => [basename(name, '.schema.json'), ajv.compile(JSON.parse(text))]))

/** What a validator that is not ours says of a file; null where it is content. */
function complaints(kind: string, value: unknown): string | null {
  const validate = validators.get(kind)
  if (!validate) return `there is no schema for ${kind}`
  return validate(value) ? null : ajv.errorsText(validate.errors)
}

t.test('every policy file is valid by its schema', async t => {
  const others = [
    ...policies.map(path => ({ kind: kindOf(path), file: join('policies', path) })),
    ...globSync('demo/catalogue/*.yaml', { cwd: ROOT }).map(file => ({ kind: 'catalogue', file })),
    { kind: 'haven', file: 'demo/haven.yaml' },
  ]
  for (const { kind, file } of others) t.equal(complaints(kind, parse(readFileSync(join(ROOT, file), 'utf8'))), null, file)
})

const LAW = `
law: us-x
title: A law
jurisdiction: us
source: X Code
effective: { from: 2026-01-01 }
rules:
  - { id: r, text: One plain sentence., cite: [{ ref: X 1, certainty: primary }], when: { any: [{ bulk: true }] }, then: deny }
`

t.test('a schema refuses what Haven refuses, and says which key', async t => {
  const law = parse(LAW)
  const [rule] = law.rules
  t.equal(complaints('law', law), null)
  const wrong: readonly (readonly [string, object])[] = [
    ['unles', { ...law, rules: [{ ...rule, unles: [] }] }],
    [
      'then',
      { ...law, rules: [parse('{ id: r, text: One plain sentence., cite: [{ ref: X 1, certainty: primary }], when: {}, then: permit }')] },
    ],
    ['cite', { ...law, rules: [{ ...rule, cite: [] }] }],
    ['purposes', { ...law, rules: [{ ...rule, when: { any: [{ purposes: ['audit'] }] } }] }],
    ['from', { ...law, effective: { from: '2026-02-30' } }],
  ]
  for (const [key, value] of wrong) {
    t.notOk(LawFile.safeParse(value).success, `${key}: Haven refuses it`)
    t.type(complaints('law', value), 'string', `${key}: the schema refuses it`)
  }
})

t.test('an editor explains the main keys, and a description of a key that is not there is an error', async t => {
  const law = JSON.parse(made.get('law.schema.json') ?? '')
  t.match(law.properties.rules.items.properties.unless.description, /Exceptions, tried in order/)
  t.match(law.properties.binds.description, /records the law governs/)
  t.match(law.$defs.Condition.properties.granted.description, /A grant of the city covers/)
  t.ok(makeSchemas({ law: { 'rules.unless': 'Exceptions.' } }))
  t.throws(() => makeSchemas({ law: { 'rules.unles': 'Exceptions.' } }), /law: there is no key 'rules\.unles'/)
})
