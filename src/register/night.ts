/** A stretch of the day, `HH:MM` to `HH:MM` in a time zone; it may pass midnight, and the same time twice is the whole day. */
export interface NightHours {
  readonly from: string
  readonly until: string
  readonly timeZone: string
}

/** Makes the test whether a moment (milliseconds since 1970) is in the night. @throws RangeError for an unknown time zone */
export function makeIsNight({ from, until, timeZone }: NightHours): (at: number) => boolean {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  // `HH:MM` sorts like the time it says.
  return at => {
    const time = clock.format(at)
    return from < until ? time >= from && time < until : time >= from || time < until
  }
}
