import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import ts from 'typescript'

export const ROOT = resolve(import.meta.dirname, '../..')
const SRC = join(ROOT, 'src')

export interface SourceFile {
  /** Path under src, such as `policy/combine.ts`. */
  readonly path: string
  readonly text: string
  readonly lines: number
  /** Paths under src. */
  readonly imports: readonly string[]
  readonly packages: readonly string[]
}

/** Every source file with its imports: type imports, re-exports and dynamic imports included. */
export function readSource(): readonly SourceFile[] {
  return globSync('**/*.ts', { cwd: SRC })
    .toSorted((a, b) => a.localeCompare(b))
    .map(path => {
      const text = readFileSync(join(SRC, path), 'utf8')
      const names = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName)
      return {
        path,
        text,
        lines: text.split('\n').length - 1,
        imports: names.filter(name => name.startsWith('.')).map(name => relative(SRC, resolve(dirname(join(SRC, path)), name))),
        packages: names.filter(name => !name.startsWith('.')),
      }
    })
}

/** The code without comments and strings, so that a rule about code does not bite on a sentence. */
export function codeOf(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '').replace(/'(?:[^'\\\n]|\\.)*'/g, "''")
}

export interface FunctionSize {
  readonly name: string
  readonly lines: number
}

/** Every function of a file with its length in lines. */
export function functionsOf(file: SourceFile): readonly FunctionSize[] {
  const tree = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true)
  const found: FunctionSize[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      const from = tree.getLineAndCharacterOfPosition(node.getStart()).line
      const to = tree.getLineAndCharacterOfPosition(node.getEnd()).line
      const name = node.name ? node.name.getText() : 'an arrow function'
      found.push({ name: `${name} at line ${from + 1}`, lines: to - from + 1 })
    }
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return found
}
