/** The answer breaks the grammar or a limit. Says where and what rule, never what stood there: a message ends in a log. */
export class Malformed extends Error {
  override readonly name = 'Malformed'
  /** Byte of the buffer being scanned. */
  readonly at: number
  constructor(at: number, rule: string) {
    super(rule)
    this.at = at
  }
}
