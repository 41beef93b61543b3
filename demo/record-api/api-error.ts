/** A refusal in the words of PostgREST: HTTP status, code and the four members of its error body. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: string
  readonly details: string | null
  readonly hint: string | null
  constructor(status: number, code: string, message: string, details: string | null = null, hint: string | null = null) {
    super(message)
    this.status = status
    this.code = code
    this.details = details
    this.hint = hint
  }
}

/** The body PostgREST would send for it; members in its order. */
export const errorBody = (error: ApiError): string =>
  JSON.stringify({ code: error.code, details: error.details, hint: error.hint, message: error.message })
