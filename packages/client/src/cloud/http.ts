import { toHex } from "@salus/base";
import {
  batchPageSchema,
  certificatePageSchema,
  certificatesStoredSchema,
  chainHeadSchema,
  chainPageSchema,
  cloudInfoSchema,
  encodeMessage,
  historyPageSchema,
  newVaultSchema,
  ownLeavesPageSchema,
  queryAnswerSchema,
  receiptSchema,
  recordsPageSchema,
  revisionsAnswerSchema,
  type Schema,
  trailPageSchema,
  type VaultHandle,
  vaultsPageSchema,
} from "@salus/protocol";
import { type HttpOptions, Link } from "../http/link.ts";
import { logRoutes } from "../log/routes.ts";
import type { Caller, Cloud, CloudResult } from "./port.ts";

/**
 * The cloud at an address, over HTTP.
 *
 * Every request is signed anew for each attempt. Reads are repeated when nobody answers; so are
 * uploads, whose statement makes them the same upload, and links, of which a second copy is refused.
 *
 * Leaks:   to the cloud: what spec/api.md says of each route. To the network: the same, without TLS.
 */
export function httpCloud(url: string, options: HttpOptions = {}): Cloud {
  const about = { path: "/v1/cloud", answer: cloudInfoSchema, what: "cloud" } as const;
  const link = new Link(new URL(url), about, options);
  const inVault = (vault: VaultHandle, rest: string): string =>
    `/v1/vaults/${toHex(vault)}/${rest}`;
  const post = <T>(
    what: string,
    path: string,
    answer: Schema<T>,
    caller: Caller,
    message: object,
  ): CloudResult<T> =>
    link.call({ method: "POST", path, answer, what, caller, body: encodeMessage(message) });
  const get = <T>(what: string, path: string, answer: Schema<T>, caller: Caller): CloudResult<T> =>
    link.call({ method: "GET", path, answer, what, caller });
  return {
    ...logRoutes(link),
    about: () => link.about(),
    createVault: (caller, links) =>
      post("new vault", "/v1/vaults", newVaultSchema, caller, { links }),
    chain: (caller, vault, from) =>
      link.call({
        method: "GET",
        path: inVault(vault, `chain?from=${from}`),
        answer: chainPageSchema,
        what: "chain",
        caller,
      }),
    appendChain: (caller, vault, links) =>
      post("chain head", inVault(vault, "chain"), chainHeadSchema, caller, { links }),
    upload: (caller, vault, body) =>
      link.call({
        method: "POST",
        path: inVault(vault, "batches"),
        answer: receiptSchema,
        what: "receipt",
        caller,
        body,
      }),
    batches: (caller, vault, source, from) =>
      link.call({
        method: "GET",
        path: inVault(vault, `batches?source=${toHex(source)}&from=${from}`),
        answer: batchPageSchema,
        what: "batches",
        caller,
      }),
    query: (caller, vault, query) =>
      post("answer", inVault(vault, "query"), queryAnswerSchema, caller, query),
    records: (caller, vault, question) =>
      post("records", inVault(vault, "records"), recordsPageSchema, caller, question),
    history: (caller, vault, question) =>
      post("history", inVault(vault, "history"), historyPageSchema, caller, question),
    revisions: (caller, vault, records) =>
      post("revisions", inVault(vault, "revisions"), revisionsAnswerSchema, caller, { records }),
    vaults: (caller, after) =>
      link.call({
        method: "GET",
        path: after === undefined ? "/v1/vaults" : `/v1/vaults?after=${toHex(after)}`,
        answer: vaultsPageSchema,
        what: "vaults",
        caller,
      }),
    publish: (caller, certificates) =>
      post("stored", "/v1/providers", certificatesStoredSchema, caller, { certificates }),
    providers: (after) =>
      link.call({
        method: "GET",
        path: after === undefined ? "/v1/providers" : `/v1/providers?after=${toHex(after)}`,
        answer: certificatePageSchema,
        what: "providers",
      }),
    ownLeaves: (caller, vault, from, size) =>
      get("log", inVault(vault, `log?from=${from}&size=${size}`), ownLeavesPageSchema, caller),
    trail: (caller, vault, from) =>
      get("trail", inVault(vault, `trail?from=${from}`), trailPageSchema, caller),
  };
}
