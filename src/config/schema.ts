import { z } from 'zod'
import { Jurisdiction } from '../terms/agency.ts'
import { Keeper, RecordClass } from '../terms/source.ts'

const UNITS = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const

/** A number of bytes, or a size such as `64KiB`, `1MiB`, `2GiB`. */
const Size = z.union([
  z.int().positive(),
  z
    .string()
    .regex(/^[1-9]\d*(B|KiB|MiB|GiB)$/, 'write a size such as 64KiB, 1MiB or 2GiB')
    .transform(text => Number.parseInt(text, 10) * UNITS[text.replace(/^\d+/, '') as keyof typeof UNITS]),
])

const Address = z.strictObject({ host: z.string().min(1), port: z.int().min(0).max(65535), insecure: z.boolean().default(false) })

const Algorithm = z.enum(
  ['ES256', 'ES384', 'ES512', 'EdDSA', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  'write asymmetric algorithms such as ES256, EdDSA or RS256; HS* and none are never accepted',
)

export const IssuerConfig = z.strictObject({
  issuer: z.string().min(1),
  audience: z.string().min(1),
  kind: z.enum(['agencies', 'people']).default('agencies'),
  agencies: z.union([z.literal('any'), z.array(z.string()).min(1)]).default('any'),
  jwks: z.string().min(1),
  algorithms: z.array(Algorithm).min(1),
})
export type IssuerConfig = z.infer<typeof IssuerConfig>

const Time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'write a time of day such as 22:00')
const TimeZone = z.string().refine(isTimeZone, 'write a time zone such as America/Los_Angeles')

function isTimeZone(written: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: written }).resolvedOptions().timeZone !== ''
  } catch {
    return false // Intl throws for what it does not know
  }
}

/** `${NAME}` is replaced by the environment's value, only here and only as the whole value. */
const Secret = z.string().min(1)

export const SourceConfig = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, 'write a source name in lower case with hyphens; it is the first path segment at the gate'),
  url: z.string().min(1),
  insecure: z.boolean().default(false),
  dialect: z.enum(['rest', 'postgrest', 'soql', 'arcgis', 'odata', 'graphql', 'fhir', 'jsonapi', 'opensearch', 'ckan']),
  keeper: Keeper,
  records: RecordClass,
  catalogue: z.string().min(1),
  auth: z.strictObject({ bearer: Secret }).optional(),
  writes: z.boolean().default(false),
  receipt: z.enum(['durable', 'logged', 'witnessed']).default('durable'),
  /** From which volume on an agency's reading of this source counts as bulk, in persons or records an hour. */
  bulk: z
    .strictObject({
      subjectsPerHour: z.int().positive(),
      atNight: z
        .strictObject({
          subjectsPerHour: z.int().positive(),
          from: Time.default('22:00'),
          until: Time.default('06:00'),
          timeZone: TimeZone,
        })
        .optional(),
    })
    .optional(),
})
export type SourceConfig = z.infer<typeof SourceConfig>

const Admin = z.strictObject({
  issuers: z.array(IssuerConfig.omit({ kind: true, agencies: true })).default([]),
  people: z
    .array(
      z.strictObject({ id: z.string(), name: z.string(), logins: z.array(z.strictObject({ iss: z.string(), sub: z.string() })).min(1) }),
    )
    .default([]),
})

/** haven.yaml. Relative paths are relative to the file. */
export const HavenFile = z.strictObject({
  owner: z.strictObject({ name: z.string().min(1), jurisdiction: Jurisdiction }),
  listen: z.strictObject({ gate: Address, admin: Address }),
  tls: z.strictObject({ key: z.string(), cert: z.string(), clientCa: z.string().optional() }).optional(),
  trustedProxies: z.array(z.string()).default([]),
  identity: z.strictObject({ issuers: z.array(IssuerConfig).min(1), admin: Admin.optional() }),
  policies: z.strictObject({
    /** Not read where a bundle stands in its place. */
    dir: z.string().default('policies'),
    laws: z.array(z.string()).min(1),
    agencies: z.string().optional(),
    /** Verifier keys (`haven policy sign --new-key`) of those who may change the rulebook. */
    signers: z.array(z.string()).default([]),
    /** A folder whose laws and grants decide every inquiry a second time, without effect. */
    shadow: z.string().optional(),
    /** A file or an https URL, instead of the folder. */
    bundle: z.string().optional(),
  }),
  sources: z.array(SourceConfig).min(1),
  /** `counselKey`: a public JWK; what waits for counsel is sealed to it. */
  register: z.strictObject({ file: z.string(), counselKey: z.string().optional() }).optional(),
  journal: z.strictObject({
    dir: z.string(),
    origin: z
      .string()
      .regex(/^[^\s+:/]+(\/[^\s+]+)*$/, 'write an origin such as haven.city.example/journal: no scheme, no spaces, no plus sign'),
    key: z.string(),
    checkpoints: z.string().optional(),
    vkey: z.string().optional(),
  }),
  limits: z
    .strictObject({
      requestBytes: Size.default(UNITS.MiB),
      answerBytes: Size.default(2 * UNITS.GiB),
      valueBytes: Size.default(8 * UNITS.MiB),
      upstreamTimeoutMs: z.int().positive().default(30_000),
      /** Of one agency (urgent: of one login), by what it asks for: bulk reading has its own, so that it can never starve an emergency. */
      callsPerMinute: z
        .strictObject({
          urgent: z.int().positive().default(60_000),
          ordinary: z.int().positive().default(30_000),
          bulk: z.int().positive().default(600),
        })
        .prefault({}),
    })
    .prefault({}),
})
export type HavenFile = z.infer<typeof HavenFile>
