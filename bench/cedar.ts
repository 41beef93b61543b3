import type { DataClass } from '../src/terms/data-class.ts'
import type { Inquiry } from '../src/terms/inquiry.ts'
import { COURT_PROCESS } from '../src/terms/legal-process.ts'

/**
 * The core of the two California packs in Cedar's language: the ordinary business of police, rescue, treatment, benefits and audits, and
 * what the Values Act and the ordinance take away. Cedar knows no hold, no third value and no fold over several uses, so this answers less:
 * it permits or not, one class at a time.
 */
export const CALIFORNIA = `
permit(principal, action == Action::"read", resource) when { ["fire-ems", "health"].contains(principal.category) && context.purpose == "emergency" && ["open", "personal", "locating", "health", "custody"].contains(resource.class) };
permit(principal, action == Action::"read", resource) when { ["city", "county", "state", "local-police", "school", "utility"].contains(principal.category) && context.purpose == "emergency" && ["open", "personal", "locating", "health", "custody"].contains(resource.class) };
permit(principal, action == Action::"read", resource) when { principal.category == "health" && ["treatment", "payment", "public-health", "service-delivery", "eligibility"].contains(context.purpose) && ["open", "personal", "locating", "health"].contains(resource.class) };
permit(principal, action == Action::"read", resource) when { ["city", "county", "state", "utility"].contains(principal.category) && principal.places.contains("us-ca") && ["service-delivery", "eligibility", "payment"].contains(context.purpose) && ["general", "housing", "utility", "benefits", "vendor-permit", "driver"].contains(resource.records) && ["open", "personal", "locating"].contains(resource.class) };
permit(principal, action == Action::"read", resource) when { principal.category == "county" && principal.places.contains("us-ca") && context.purpose == "eligibility" && resource.records == "benefits" && ["status", "status-identifier", "status-proxy"].contains(resource.class) };
permit(principal, action == Action::"read", resource) when { principal.category == "local-police" && ["public-safety", "criminal-investigation"].contains(context.purpose) && ["general", "police", "housing", "custody", "driver"].contains(resource.records) && ["open", "personal", "locating", "custody"].contains(resource.class) };
permit(principal, action == Action::"read", resource) when { ["federal", "immigration-authority"].contains(principal.category) && context.purpose == "criminal-investigation" && ["general", "police", "housing", "custody"].contains(resource.records) && ["open", "personal", "locating", "custody"].contains(resource.class) && (principal.category == "federal" || context.attested) };
permit(principal, action == Action::"read", resource) when { ["federal", "state", "county", "city"].contains(principal.category) && context.purpose == "audit" && ["general", "housing", "benefits", "utility", "vendor-permit"].contains(resource.records) && ["open", "personal", "locating"].contains(resource.class) };
permit(principal, action == Action::"read", resource) when { principal.category == "court" && context.purpose == "court" && ["open", "personal", "locating", "custody"].contains(resource.class) };
permit(principal, action == Action::"read", resource) when { context.purpose == "public-records" && resource.class == "open" };
permit(principal, action == Action::"read", resource) when { context.process.court && context.process.state == "active" && context.process.covers };
forbid(principal, action == Action::"read", resource) when { context.purpose == "immigration-enforcement" } unless { context.process.court && context.process.state == "active" && context.process.covers };
forbid(principal, action == Action::"read", resource) when { (principal.category == "immigration-authority" || principal.flags.contains("287g")) && ["unstated", "vague", "suspected"].contains(context.purpose) } unless { context.process.court && context.process.state == "active" && context.process.covers };
forbid(principal, action == Action::"read", resource) when { context.purpose == "suspected" };
forbid(principal, action == Action::"read", resource) when { (principal.category == "immigration-authority" || principal.flags.contains("287g")) && !context.attested && context.purpose != "emergency" } unless { context.process.court && context.process.state == "active" && context.process.covers };
forbid(principal, action == Action::"read", resource) when { principal.category == "data-broker" } unless { context.process.court && context.process.state == "active" && context.process.covers };
forbid(principal, action == Action::"read", resource) when { resource.records == "alpr" && !principal.places.contains("us-ca") };
forbid(principal, action == Action::"read", resource) when { resource.class == "status" && context.purpose != "eligibility" } unless { context.process.court && context.process.state == "active" && context.process.covers };
`

/** One class of one inquiry as Cedar is asked, with its entities. */
export function toCedar({ requester, purpose, process, source, attested }: Inquiry, dataClass: DataClass) {
  const places = requester.jurisdiction.split('-').map((_, i, parts) => parts.slice(0, i + 1).join('-'))
  const principal = { type: 'Party', id: requester.id }
  const resource = { type: 'Field', id: `${source.records}/${dataClass}` }
  return {
    principal,
    action: { type: 'Action', id: 'read' },
    resource,
    context: {
      purpose,
      attested,
      process: {
        court: process !== null && COURT_PROCESS.includes(process.kind),
        state: process?.state ?? 'none',
        covers: process?.covers === 'query',
      },
    },
    preparsedPolicySetId: 'california',
    entities: [
      { uid: principal, attrs: { category: requester.category, places, flags: [...requester.flags] }, parents: [] },
      { uid: resource, attrs: { class: dataClass, records: source.records }, parents: [] },
    ],
  }
}
