import { toHex } from "@salus/base";
import type { GivenAccess, Patient, Registry } from "@salus/client";
import type { Category } from "@salus/health";
import {
  ownLast,
  type ReaderName,
  readerName,
  type SourceName,
  sourceName,
} from "../deciding/names.ts";
import { type PeriodView, periodView } from "../requests/request-view.ts";

/** What somebody may read, or could until it ended. */
export interface AccessView {
  /** By which it is changed and ended, in hexadecimal. */
  readonly id: string;
  readonly who: ReaderName;
  /** Whether it answers a request: only that is extended and narrowed. */
  readonly asked: boolean;
  /** Whether it is somebody whom she trusts with everything. */
  readonly proxy: boolean;
  readonly purpose: string;
  readonly sources: readonly { readonly source: string; readonly name: SourceName }[];
  readonly categories: readonly Category[];
  readonly period: PeriodView;
  readonly from: number;
  readonly until: number;
  readonly state: "live" | "expired" | "revoked";
  readonly devices: number;
}

/** Purposes of a proxy. Spec: requests §3. */
const PROXY_PURPOSES = ["FAMRQT", "PWATRNY"];

/** The name of an access: of the request that it answers, or of its grant. */
export function accessId({ request, grants }: GivenAccess): string {
  return toHex(request ?? (grants[0] as Uint8Array));
}

/** Takes:   `called`, what she calls people whom no registry knows, by the hexadecimal of a key. */
export function accessView(
  access: GivenAccess,
  patient: Patient,
  registry: Registry,
  called: ReadonlyMap<string, string>,
): AccessView {
  const { request, grantees, purpose, sources, categories, period, notBefore, expires } = access;
  const [first] = grantees;
  const asked = request !== undefined;
  return {
    id: accessId(access),
    who: readerName(registry, called, first ?? new Uint8Array(0)),
    asked,
    proxy: !asked && PROXY_PURPOSES.includes(purpose),
    purpose,
    sources: ownLast(
      sources.map((source) => ({
        source: toHex(source),
        name: sourceName(patient, registry, source),
      })),
    ),
    categories,
    period: periodView(period),
    from: notBefore,
    until: expires,
    state: access.status,
    devices: grantees.length,
  };
}
