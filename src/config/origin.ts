import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { FileProblem } from '../terms/faults.ts'
import type { FromFile } from '../terms/file.ts'
import { BUNDLE_BYTES_MAX, BUNDLE_ROOT, readBundle } from './bundle.ts'
import { disk, type Files } from './files.ts'
import { isUrl } from './haven-paths.ts'
import type { HavenFile } from './schema.ts'

export const SIGNATURES = 'rulebook.signatures'

/** Where the policies come from. */
export interface Origin {
  readonly files: Files
  readonly dir: string
  readonly signatures: string
  /** What the bundle says of itself; null for a folder. */
  readonly serial: number | null
  readonly digest: string | null
  /** The bundle's text if somebody fetched it; `ignored` reads the folder though a bundle is configured. */
  readonly asked: { readonly text: string } | 'ignored' | null
}

/** The folder, or the bundle in its place; a problem where neither can be read. */
export function originOf(haven: FromFile<HavenFile>, asked: Origin['asked']): Origin | FileProblem {
  const { dir, bundle } = haven.value.policies
  if (asked === 'ignored' || (asked === null && bundle === undefined)) {
    const signatures = join(dir, SIGNATURES)
    const text = disk.has(signatures) ? Buffer.from(disk.bytes(signatures)).toString('utf8') : ''
    return { files: disk, dir, signatures: text, serial: null, digest: null, asked }
  }
  const refuse = (message: string) => haven.problem(['policies', 'bundle'], message)
  if (asked === null && bundle !== undefined && isUrl(bundle))
    return refuse('a bundle behind a URL is fetched by the gate alone; to look into it, save it and write the name of the file')
  try {
    const read = readBundle(asked?.text ?? readWhole(bundle ?? ''))
    const { signatures, serial, digest } = read.bundle
    return { files: read.files, dir: join(BUNDLE_ROOT, 'policies'), signatures, serial, digest, asked }
  } catch (error) {
    return refuse(error instanceof Error ? error.message : 'the bundle cannot be read')
  }
}

function readWhole(file: string): string {
  if (statSync(file).size > BUNDLE_BYTES_MAX) throw new Error(`the bundle is larger than ${BUNDLE_BYTES_MAX} bytes`)
  return readFileSync(file, 'utf8')
}
