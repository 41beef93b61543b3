import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { packEntries, unpackEntries, unpackItems } from '../../src/audit/bundle.ts'
import { createIntegrator } from '../../src/audit/integrate.ts'
import { leafEntry, packItem } from '../../src/audit/leaf.ts'
import { loadRightEdge } from '../../src/audit/right-edge.ts'
import { numberPath, tilePath } from '../../src/audit/tile-path.ts'
import { appendLeaf, emptyTree, hashLeaf, partialWidth, rootOf } from '../../src/audit/tree.ts'
import { temporary } from './given.ts'

// A reference that shares nothing with the code: RFC 6962, section 2.1, word for word.
const sha = (...parts: Uint8Array[]): Buffer => parts.reduce((h, part) => h.update(part), createHash('sha256')).digest()
function mth(d: readonly Buffer[]): Buffer {
  if (d.length === 0) return sha()
  if (d.length === 1) return sha(Buffer.of(0), d[0]!)
  let k = 1
  while (k * 2 < d.length) k *= 2
  return sha(Buffer.of(1), mth(d.slice(0, k)), mth(d.slice(k)))
}
const entry = (i: number): Buffer => Buffer.from(`entry ${i}`)

t.test('roots are those of RFC 6962 at every size where a tile begins or ends', async t => {
  const entries = Array.from({ length: 65_793 }, (_, i) => entry(i))
  const tree = emptyTree()
  const sizes = new Set([0, 1, 2, 3, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 65_793])
  for (let size = 0; size <= entries.length; size++) {
    if (size > 0) appendLeaf(tree, hashLeaf(entries[size - 1]!))
    if (sizes.has(size)) t.ok(rootOf(tree).equals(mth(entries.slice(0, size))), `size ${size}`)
  }
})

t.test('full tiles are announced with their place, and only full ones climb', async t => {
  const tree = emptyTree()
  const full: string[] = []
  for (let i = 0; i < 70_000; i++) for (const tile of appendLeaf(tree, hashLeaf(entry(i)))) full.push(tilePath(tile.level, tile.n, 256))
  t.equal(full.filter(path => path.startsWith('tile/0/')).length, 273)
  t.same(
    full.filter(path => !path.startsWith('tile/0/')),
    ['tile/1/000'],
  )
  t.same(
    [0, 1, 2].map(level => partialWidth(70_000, level)),
    [112, 17, 1],
  )
  t.same(
    [0, 1].map(level => partialWidth(256, level)),
    [0, 1],
  )
  t.same(
    tree.edge.map(hashes => hashes.length),
    [112, 17, 1],
  )
})

t.test('numbers become paths as C2SP writes them', async t => {
  t.equal(numberPath(1_234_067), 'x001/x234/067')
  t.equal(numberPath(0), '000')
  t.equal(numberPath(999), '999')
  t.equal(numberPath(1000), 'x001/000')
  t.equal(tilePath(2, 273, 112), 'tile/2/273.p/112')
})

t.test('files at every awkward size lead back to the root they were signed with', async t => {
  const item = (i: number) => packItem(Buffer.alloc(32, i), `{"i":${i}}`)
  for (const steps of [[0], [1], [2], [255], [256], [257], [511], [512], [1, 255, 1], [200, 100, 212], [300, 300, 1]]) {
    const dir = await temporary(t)
    const integrator = createIntegrator(dir, { tree: emptyTree(), entries: [], items: [] })
    let size = 0
    for (const step of steps) {
      await integrator.add(Array.from({ length: step }, (_, i) => item(size + i)))
      size += step
      const root = await integrator.settle()
      const reference = mth(Array.from({ length: size }, (_, i) => leafEntry(item(i))))
      t.ok(root.equals(reference), `${steps}: root at ${size}`)
      const edge = await loadRightEdge(dir, size, root)
      t.equal(edge.items.length, size % 256)
      await t.rejects(loadRightEdge(dir, size, sha(root)), { code: 'fault.journal' })
      await integrator.collect()
    }
  }
})

t.test('the right edge survives the size where a whole level is full', async t => {
  const dir = await temporary(t)
  const integrator = createIntegrator(dir, { tree: emptyTree(), entries: [], items: [] })
  const item = (i: number) => packItem(Buffer.alloc(32, i % 251), `{"i":${i}}`)
  await integrator.add(Array.from({ length: 65_536 }, (_, i) => item(i)))
  const root = await integrator.settle()
  t.same(
    (await loadRightEdge(dir, 65_536, root)).tree.edge.map(hashes => hashes.length),
    [0, 0, 1],
  )
  t.equal((await readFile(join(dir, 'public/tile/1/000'))).length, 8192)
})

t.test('a bundle with a cut length or trailing bytes is no bundle', async t => {
  const whole = packEntries([entry(1), entry(2)])
  t.equal(unpackEntries(whole)?.length, 2)
  for (const bad of [whole.subarray(0, -1), Buffer.concat([whole, Buffer.of(0)])]) t.equal(unpackEntries(bad), null)
  const items = Buffer.concat([packItem(Buffer.alloc(32), '{}'), packItem(Buffer.alloc(32), '[]')])
  t.equal(unpackItems(items)?.length, 2)
  for (const bad of [items.subarray(0, -1), Buffer.concat([items, Buffer.of(0)])]) t.equal(unpackItems(bad), null)
  t.equal(unpackEntries(packEntries(Array.from({ length: 257 }, (_, i) => entry(i)))), null)
})

t.test('a leaf is forty bytes whatever the record holds', async t => {
  const salt = Buffer.alloc(32, 7)
  const expected = sha(Buffer.from('haven/leaf/v1\0'), salt, Buffer.from([0, 0, 0, 2]), Buffer.from('{}'))
  t.same(leafEntry(packItem(salt, '{}')), Buffer.concat([Buffer.from('hvl1\x01\0\0\0', 'latin1'), expected]))
  t.equal(leafEntry(packItem(salt, `"${'é'.repeat(5000)}"`)).length, 40)
})
