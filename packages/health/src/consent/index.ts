/**
 * Consents in the words of others: FHIR R4 `Consent`, ABDM's consent artefact, and `AuditEvent`.
 *
 * What is signed are our own statements (spec: requests, sharing §4, log §2). These are pictures of
 * them, for systems that know no other words: reading one back gives exactly what was drawn, and
 * what a consent of ours cannot hold is refused (`not-mapped`), never dropped. A picture proves
 * nothing: it names the digests of what does.
 *
 * Extensions and identifier systems stand below `https://salus.health/fhir/`; `~x` means the
 * extension or system `x` there. ABDM's JSON has no extensions of its own: a member `extension`, of
 * the form that FHIR's have, holds them, on the request and on each artefact.
 *
 * | request                  | FHIR R4 `Consent`                                    | ABDM                                   |
 * |--------------------------|------------------------------------------------------|----------------------------------------|
 * | (unanswered)             | `status` proposed                                    | `status` REQUESTED                     |
 * | `request`                | `identifier` `~request`                              | `requestId`, written as a UUID         |
 * | `digest`                 | `~digest`                                            | `~digest`                              |
 * | `to`                     | `patient` `~mailbox`                                 | `patient.id`                           |
 * | `path`                   | contained `Organization` (`partOf`), `Practitioner`, | `hiu` (organisation), `requester`      |
 * |                          | `Device`, with `identifier` `~node`, `~key`, and     | (physician, first registration as      |
 * |                          | their own; `~certificate`; the first is              | REGNO); whole in `~path`               |
 * |                          | `organization`, the last `performer` and the actor   |                                        |
 * |                          | IRCP of the provision                                |                                        |
 * | `devices`                | contained `Device`                                   | `~device`                              |
 * | `attestations`           | `~attestation`                                       | `~attestation`                         |
 * | `purpose`                | `provision.purpose`, v3-ActReason                    | `purpose`: TREAT is CAREMGT, HRESCH is |
 * |                          |                                                      | DSRCH; BTG, PUBHLTH, HPAYMT, PATRQT;   |
 * |                          |                                                      | others keep their code and system      |
 * | `sources`                | actors CST, `~node`; none for all                    | `hip` if one; all in `~source`         |
 * | `categories`             | `provision.class`, `~category`; none for all         | `hiTypes`, which are wider; exactly in |
 * |                          |                                                      | `~category`                            |
 * | `period`                 | `provision.dataPeriod`                               | `permission.dateRange`; from the year  |
 * |                          |                                                      | 1 with `~any-time` if there is none    |
 * | `expires`                | `provision.period.end`                               | `permission.dataEraseAt`               |
 * | `time`                   | `dateTime`                                           | `timestamp`                            |
 * | `answerBy`, `identifier`,| `~answer-by`, `~found-by`, `~note`, `~reply-to`      | the same                               |
 * | `note`, `reply`          |                                                      |                                        |
 *
 * | answer                   | FHIR R4 `Consent`                                    | ABDM                                   |
 * |--------------------------|------------------------------------------------------|----------------------------------------|
 * | denied                   | `status` rejected                                    | `status` DENIED, no artefact           |
 * | approved                 | `status` active, or inactive when no grant is live;  | `status` GRANTED or REVOKED; an        |
 * |                          | the request is contained, `sourceReference` `#asked` | artefact for each source               |
 * | `time`                   | `dateTime`                                           | `createdAt`; `~decided`                |
 * | `note`, `vault`          | `~note`, `~vault`                                    | `~decision-note`, `~vault`             |
 * | `link`                   | `~approval`                                          | `signature`: `~approval` `#` digest    |
 * | who decided              | `performer`: the patient                             | `consentManager`                       |
 *
 * | grant                    | FHIR R4 `provision.provision`                        | ABDM artefact                          |
 * |--------------------------|------------------------------------------------------|----------------------------------------|
 * | `grant`                  | `~grant`                                             | `~grant` `~handle`; the first of an    |
 * |                          |                                                      | artefact is its `consentId`            |
 * | `state`                  | `type`: permit, or deny when revoked                 | `status`: GRANTED, or REVOKED          |
 * | `grantee`                | actor IRCP, `~key`                                   | `~grant` `~key`                        |
 * | `source`                 | actor CST, `~source`, display, `~node`; none at the  | `hip`, `~node`; none at the root       |
 * |                          | root                                                 |                                        |
 * | `notBefore`, `expires`   | `period`                                             | `~grant` `~from`; `dataEraseAt`        |
 * | `purpose`, `categories`, | as in the request                                    | as in the request                      |
 * | `period`                 |                                                      |                                        |
 *
 * Constant: in FHIR `scope` patient-privacy, `category` LOINC 59284-0, `policy` `~policy/grants-v1`,
 * `policyRule` OPTOUT (nothing is permitted but what a provision permits), `action` access; in ABDM
 * `accessMode` VIEW, `frequency` once an hour without end (the cloud counts no requests).
 *
 * | trail entry              | FHIR R4 `AuditEvent`                                                          |
 * |--------------------------|-------------------------------------------------------------------------------|
 * | `action`                 | `subtype` (search-type, read, create, operation), `action`; `~trail-action`   |
 * | `time`, `purpose`        | `recorded`, `purposeOfEvent`                                                  |
 * | `key`, `name`, `node`    | `agent.who` `~key` and display, `agent.altId`                                 |
 * | `grant`                  | `agent.policy` `~grant/…`                                                     |
 * | `vault`                  | `entity.what` `~vault`, role 1 (patient)                                      |
 * | `query`, `route`         | `entity.query` in base64, role 24 (query), and its detail                     |
 * | `candidates`, `requests` | `~candidates`, `~requests`                                                    |
 * | `findings`               | `~finding`, once each                                                         |
 * | does not open            | `~not-readable`; `subtype` by the route                                       |
 */
export { type AbdmConsent, decodeAbdmConsent, encodeAbdmConsent } from "./abdm-consent.ts";
export { encodeAuditEvent, type TrailAction, type TrailRecord } from "./audit-event.ts";
export type {
  AskedAccess,
  ConsentDecision,
  ConsentFault,
  ConsentRecord,
  GrantedAccess,
  Party,
  Period,
  ReplyMailbox,
} from "./consent.ts";
export { decodeFhirConsent, encodeFhirConsent } from "./fhir-consent.ts";
