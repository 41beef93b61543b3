import { type FSWatcher, watch } from 'node:fs'
import { takePrint } from './print-files.ts'

const POLL_MS = 2_000
const SETTLE_MS = 150

export interface Watching {
  readonly close: () => void
}

/**
 * Calls `changed` when any of these files, or anything in these folders, is another than it was, and has been so for a moment: half a
 * file may well parse, as a law with half its rules. The watcher only makes it quick; the poll makes it sure (network file systems and
 * mounted volumes send no events). Paths are asked for anew each time. `since` (milliseconds since 1970) is when they were last read.
 * `crowded` is called when there is more below them than is looked at.
 */
export function watchFiles(paths: () => readonly string[], since: number, changed: () => void, crowded: () => void): Watching {
  let known: string | null = null
  let told = false
  let closed = false
  let looking = false
  let settling: NodeJS.Timeout | undefined

  const look = async (): Promise<void> => {
    const seen = await takePrint(paths())
    if (closed) return
    if (seen.isCut && !told) crowded()
    told = seen.isCut
    folders.follow(seen.folders)
    // An edit between the reading and the first look would otherwise never be seen.
    if (known === null) known = seen.newest > since ? '' : seen.print
    if (seen.print === known) return
    await new Promise(settled => setTimeout(settled, SETTLE_MS).unref())
    if ((await takePrint(paths())).print !== seen.print) return soon()
    if (closed) return
    known = seen.print
    changed()
  }
  const check = () => {
    if (looking) return
    looking = true
    look()
      .catch(() => undefined) // a folder that cannot be read now is looked at again at the next poll
      .finally(() => {
        looking = false
      })
  }
  const soon = () => {
    if (closed) return
    clearTimeout(settling)
    settling = setTimeout(check, SETTLE_MS).unref()
  }
  const folders = watchFolders(soon)
  const poll = setInterval(check, POLL_MS).unref()
  check()
  return {
    close: () => {
      closed = true
      clearInterval(poll)
      clearTimeout(settling)
      folders.follow(new Set())
    },
  }
}

/** Watches whichever folders it is told to follow. Without watches, or without a folder, the poll sees to it. */
function watchFolders(stirred: () => void): { readonly follow: (folders: ReadonlySet<string>) => void } {
  const watched = new Map<string, FSWatcher>()
  const arm = (folder: string) => {
    try {
      const watcher = watch(folder, { persistent: false }, stirred)
      watcher.on('error', () => void watched.delete(folder))
      watched.set(folder, watcher)
    } catch {
      // the poll sees to it
    }
  }
  return {
    follow: folders => {
      for (const [folder, watcher] of watched) {
        if (folders.has(folder)) continue
        watcher.close()
        watched.delete(folder)
      }
      for (const folder of folders) if (!watched.has(folder)) arm(folder)
    },
  }
}
