const USAGE = 'USAGE'

/** A command that was not understood: it exits with 2, where what failed exits with 1. */
export const usageError = (message: string): Error => Object.assign(new Error(message), { code: USAGE })

export const isUsage = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === USAGE
