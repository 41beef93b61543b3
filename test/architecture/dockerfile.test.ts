import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { validate } from 'dockerfile-utils'
import t from 'tap'
import { ROOT } from './source.ts'

const text = readFileSync(join(ROOT, 'Dockerfile'), 'utf8')
const pinned: { devDependencies: { node: string } } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))

t.test('the linter finds nothing in the Dockerfile', async t => {
  t.same(
    validate(text).map(({ message, range }) => `${range.start.line + 1}: ${message}`),
    [],
  )
  t.ok(validate(text.replace('USER node', 'USR node')).length > 0, 'and it would find something')
})

t.test('the image runs the Node that package.json pins, as nobody in particular', async t => {
  const version = pinned.devDependencies.node.replace(/^\D/, '')
  const stages = [...text.matchAll(/^FROM node:(\S+)-slim/gm)].map(([, found]) => found)
  t.same(stages, [version, version])
  t.match(text, /^USER node$/m)
  t.match(text, /^HEALTHCHECK /m)
})
