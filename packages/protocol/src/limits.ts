import {
  BATCH_CERTIFICATES_MAX,
  BATCH_ITEMS_MAX,
  ENVELOPE_BYTES_MAX,
  GRANT_BYTES_MAX,
  ITEM_ENTRIES_BYTES_MAX,
  ITEM_ENTRIES_MAX,
  SIGNED_BYTES_MAX,
} from "./batch.ts";

/** Names and numbers of the limits. */
export interface Limits {
  /** Of a request body. */
  readonly bodyBytes: number;
  /** Of the body of a query. */
  readonly queryBytes: number;
  readonly linkBytes: number;
  /** Of a link that is a grant. */
  readonly grantBytes: number;
  /** Links in one request. */
  readonly links: number;
  /** All links of a chain together; twice as much for an append that ends something. */
  readonly chainBytes: number;
  readonly batchItems: number;
  readonly batchCertificates: number;
  readonly itemEntries: number;
  readonly itemEntriesBytes: number;
  readonly envelopeBytes: number;
  readonly clauses: number;
  readonly probes: number;
  /** Candidates, or records, on a page. */
  readonly pageItems: number;
  /** Envelopes on a page. */
  readonly pageBytes: number;
  /** Columns to sort by. */
  readonly groups: number;
  /** Record handles in one request for revisions. */
  readonly revisions: number;
  /** Record handles in one request for earlier revisions. */
  readonly historyRecords: number;
  /** Sealed and tag bytes that one query reads. */
  readonly scannedBytes: number;
  readonly urlBytes: number;
  readonly headerBytes: number;
  /** Requests of one key that are answered at a time. */
  readonly requestsAtOnce: number;
}

/**
 * What a cloud takes and gives at most. `GET /v1/cloud` answers with these numbers.
 *
 * Source:  spec/api.md §3.
 */
export const LIMITS: Limits = {
  bodyBytes: 16_777_216,
  queryBytes: 1_048_576,
  linkBytes: SIGNED_BYTES_MAX,
  grantBytes: GRANT_BYTES_MAX,
  links: 256,
  chainBytes: 33_554_432,
  batchItems: BATCH_ITEMS_MAX,
  batchCertificates: BATCH_CERTIFICATES_MAX,
  itemEntries: ITEM_ENTRIES_MAX,
  itemEntriesBytes: ITEM_ENTRIES_BYTES_MAX,
  envelopeBytes: ENVELOPE_BYTES_MAX,
  clauses: 32,
  probes: 8192,
  pageItems: 1000,
  pageBytes: 8_388_608,
  groups: 64,
  revisions: 10_000,
  historyRecords: 1000,
  scannedBytes: 1_073_741_824,
  urlBytes: 2048,
  headerBytes: 16_384,
  requestsAtOnce: 50,
};

/** The most grants of one approval: they stand in one append with it. */
export const APPROVAL_GRANTS_MAX: number = 240;

/** All links of an account's chain together; twice as much for an append that removes something. */
export const ACCOUNT_CHAIN_BYTES_MAX: number = 4_194_304;

/** At most so many links on a page of a chain. */
export const CHAIN_PAGE_MAX: number = 500;
