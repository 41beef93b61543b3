const HOUR_MS = 60 * 60 * 1000
const BUCKET_MS = 5 * 60 * 1000

/** What was read or asked for within the last hour. Times in milliseconds since 1970, never running backwards. */
export interface Reading {
  readonly addPerson: (token: string, at: number) => void
  readonly addRecords: (records: number, at: number) => void
  /** Different persons named, and further records that came, within the hour; exact up to the bound, and at least the bound beyond it. */
  readonly count: (at: number) => number
}

/** Holds `max` tokens at most: the newest ones, so that the count is right up to `max` whatever came before. */
export function createReading(max: number): Reading {
  const persons = new Map<string, number>()
  const buckets = new Map<number, number>()
  return {
    addPerson(token, at) {
      persons.delete(token) // a Map keeps the place of a key that is set again
      persons.set(token, at)
      if (persons.size > max) dropWhile(persons, () => persons.size > max)
    },
    addRecords(records, at) {
      const bucket = Math.floor(at / BUCKET_MS)
      buckets.set(bucket, (buckets.get(bucket) ?? 0) + records)
      dropOld(buckets, at)
    },
    count(at) {
      dropWhile(persons, seen => seen <= at - HOUR_MS)
      dropOld(buckets, at)
      let sum = persons.size
      for (const records of buckets.values()) sum += records
      return sum
    },
  }
}

// A bucket counts until its last moment is an hour ago: twelve of them and the one that fills.
const dropOld = (buckets: Map<number, number>, at: number): void =>
  dropWhile(buckets, (_records, bucket) => (bucket + 1) * BUCKET_MS <= at - HOUR_MS)

/** Entries stand in the order of time, the oldest first. */
function dropWhile<K>(map: Map<K, number>, isOld: (value: number, key: K) => boolean): void {
  for (const [key, value] of map) {
    if (!isOld(value, key)) return
    map.delete(key)
  }
}
