import { z } from 'zod'

/** Who keeps the records; several laws bind only some keepers. */
export const Keeper = z.enum([
  'general',
  'police',
  'school-police',
  'jail',
  'health',
  'school',
  'utility',
  'housing',
  'library',
  'motor-vehicles',
  'benefits',
  'permits',
])
export type Keeper = z.infer<typeof Keeper>

/** What kind of record it is; several statutes protect one kind wherever it is kept. */
export const RecordClass = z.enum([
  'general',
  'police',
  'alpr',
  'health',
  'education',
  'vendor-permit',
  'driver',
  'utility',
  'housing',
  'library',
  'benefits',
  'custody',
])
export type RecordClass = z.infer<typeof RecordClass>
