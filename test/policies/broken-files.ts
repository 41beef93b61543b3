/** Numbers that come out the same every time for one seed (mulberry32), so that a failure can be repeated. */
export function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0
  return below => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

type Break = (text: string, pick: (below: number) => number, words: readonly string[]) => string

const atLine = (change: (lines: string[], i: number, pick: (below: number) => number) => void): Break => {
  return (text, pick) => {
    const lines = text.split('\n')
    change(lines, pick(lines.length), pick)
    return lines.join('\n')
  }
}
const atByte = (put: (rest: string, pick: (below: number) => number) => string): Break => {
  return (text, pick) => {
    const i = pick(text.length)
    return text.slice(0, i) + put(text.slice(i), pick)
  }
}
const GARBAGE = [
  '\0',
  '\t',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  ':',
  '- ',
  '&a ',
  '*a',
  '!!js ',
  '<<: ',
  '%',
  '\u2028',
  '\ufeff',
  'ﬁ',
  '𝒶',
  '#',
  '|',
  '>',
  '~',
  '?',
  '- - -',
]

/** Ways in which a file breaks: disks, editors, merges, copy and paste, and people. */
const BREAKS: readonly Break[] = [
  atByte(() => ''),
  atByte(rest => rest.slice(1)),
  atByte((rest, pick) => (GARBAGE[pick(GARBAGE.length)] ?? '') + rest),
  atByte((rest, pick) => String.fromCharCode(rest.charCodeAt(0) ^ (1 << pick(7))) + rest.slice(1)),
  atByte((rest, pick) => rest.slice(pick(200))),
  atLine((lines, i) => lines.splice(i, 1)),
  atLine((lines, i) => lines.splice(i, 0, lines[i] ?? '')),
  atLine((lines, i, pick) => lines.splice(i, 1 + pick(6))),
  atLine((lines, i) => lines.splice(i, 2, lines[i + 1] ?? '', lines[i] ?? '')),
  atLine((lines, i) => lines.splice(i, 1, `  ${lines[i]}`)),
  atLine((lines, i) => lines.splice(i, 1, (lines[i] ?? '').replace(/^ {2}/, ''))),
  atLine((lines, i) => lines.splice(i, 1, `<<<<<<< ours`, lines[i] ?? '', '=======', lines[i] ?? '', '>>>>>>> theirs')),
  (text, pick, words) => {
    const [from, to] = [words[pick(words.length)] ?? 'deny', words[pick(words.length)] ?? 'permit']
    return text.replace(from, to)
  },
  (text, pick, words) => text.replace(words[pick(words.length)] ?? 'rules', word => word.slice(0, -1) + word.slice(-1).toUpperCase()),
]

/** The same text, broken once or a few times. */
export function breakText(text: string, seed: number): string {
  const pick = seeded(seed)
  const words = [...new Set(text.match(/[a-z][a-z0-9-]{2,}/g) ?? [])]
  let broken = text
  for (let times = 1 + pick(3); times > 0; times--) broken = BREAKS[pick(BREAKS.length)]?.(broken, pick, words) ?? broken
  return broken
}
