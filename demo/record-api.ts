import type { IncomingMessage, ServerResponse } from 'node:http'
import { listen, PortTaken, type Running } from './listen.ts'
import { answerRead } from './record-api/answer.ts'
import { ApiError, errorBody } from './record-api/api-error.ts'
import { openRecords, type RecordStore } from './record-api/database.ts'

const reply = (records: RecordStore, request: IncomingMessage, response: ServerResponse): void => {
  const header = (name: string): string => [request.headers[name] ?? ''].flat().join(', ')
  const send = (status: number, headers: Readonly<Record<string, string>>, body: string): void => {
    response.writeHead(status, headers)
    response.end(request.method === 'HEAD' ? undefined : body)
  }
  try {
    const answer = answerRead(records, { method: request.method ?? 'GET', target: request.url ?? '/', header })
    send(answer.status, answer.headers, answer.body)
  } catch (error) {
    const known = error instanceof ApiError ? error : new ApiError(500, 'XX000', String(error))
    send(known.status, { 'content-type': 'application/json; charset=utf-8' }, errorBody(known))
  }
}

/**
 * The city's record API: a stand-in for PostgREST over an embedded database of invented people. It does no access
 * control at all, which is why something has to stand before it. Not offered: writes, functions, CSV, query plans.
 */
export const startRecordApi = async (port = 9001): Promise<Running> => {
  const records = openRecords()
  const running = await listen('the record API', port, (request, response) => reply(records, request, response))
  return {
    url: running.url,
    close: async () => {
      await running.close()
      records.close()
    },
  }
}

if (import.meta.main) {
  try {
    const running = await startRecordApi(Number(process.argv[2] ?? 9001))
    process.stdout.write(`${JSON.stringify({ ready: true, url: running.url })}\n`)
  } catch (error) {
    if (!(error instanceof PortTaken)) throw error
    process.stderr.write(`record-api: ${error.message}\n`)
    process.exitCode = 1
  }
}
