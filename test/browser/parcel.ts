import { type Bytes, concat, toHex, utf8 } from "@salus/base";
import {
  drawKey,
  encodeTerms,
  encryptTags,
  KemPair,
  open,
  openDelivery,
  openGrant,
  orderedColumn,
  seal,
  sealedColumn,
  signCapability,
  tagToken,
  unwrapBatchKey,
  wrapBatchKey,
  wrapDelivery,
  wrapGrant,
} from "@salus/crypto";
import { checkCapability, digest, evaluateSealed, evaluateTags, readChain } from "@salus/evaluate";
import { RecordHandle, type Suite, Term } from "@salus/protocol";
import { must } from "../../packages/crypto/test/checks/check.ts";
import {
  ABSENT,
  BATCH,
  begin,
  cellOf,
  doctor,
  GRANT,
  NORTH,
  NOW,
  nodeOf,
  north,
  patient,
  scopeOf,
  termsFor,
} from "../../packages/crypto/test/people.ts";

/**
 * One of everything that travels, with fresh randomness: what Node packs a browser must be able to
 * read, and the other way round. The people and their keys are the same on both sides.
 */
export interface Parcel {
  readonly links: readonly Bytes[];
  readonly envelope: Bytes;
  readonly wraps: readonly Awaited<ReturnType<typeof wrapBatchKey>>[];
  readonly grant: Awaited<ReturnType<typeof wrapGrant>>;
  readonly delivery: Awaited<ReturnType<typeof wrapDelivery>>;
  readonly terms: readonly Term[];
  readonly halves: Bytes;
  readonly tags: Bytes;
  readonly capability: Bytes;
}

const SUITES: readonly Suite[] = [1, 2];
const CODES = [1, 2, 2, 500, 65_534];
const KEYWORD = { attribute: "code", keyword: "8480-6" };
const RECORD = RecordHandle.of(new Uint8Array(16).fill(0xe0));
const TEXT = "Grüße aus dem Labor 山".repeat(4000);

const { cell, seed, index } = cellOf(NORTH, "laboratory", 1);
const scope = scopeOf(NORTH, "laboratory", 1);
const ordered = orderedColumn(scope, "age", { bits: 16, profile: "private" }).map;
const sealed = sealedColumn(index, "severity", 16).column;
const pairs = SUITES.map((suite) => new KemPair(seed, suite));
const terms = encodeTerms(termsFor());
const request = { audience: "cloud", method: "POST", path: "/v1", expires: NOW, grant: ABSENT };

/** Seal, wrap, encrypt and sign one of everything. */
export async function pack(): Promise<Parcel> {
  const { links, state } = begin();
  const { vault } = state;
  const key = drawKey("batch");
  const place = { vault, cell, batch: BATCH };
  const header = {
    tombstone: false,
    vault,
    record: RECORD,
    revision: 1,
    source: NORTH,
    cell,
    generation: 1,
    policyVersion: 1,
    batch: BATCH,
    sealedAt: NOW,
  };
  const content = {
    media: "text/plain",
    path: ["north"],
    assigned: "stated",
    body: utf8(TEXT),
  } as const;
  const readerCell = { cell, source: NORTH, category: "laboratory", generation: 1, seed, index };
  const sourceCell = { cell, category: "laboratory", generation: 1, index };
  return {
    links,
    envelope: seal(key, header, content, north.signer),
    wraps: await Promise.all(pairs.map((pair) => wrapBatchKey(pair.public, place, key))),
    grant: await wrapGrant(
      doctor.kem.public,
      { vault, grant: GRANT, terms },
      {
        cells: [readerCell],
        scopes: [],
      },
    ),
    delivery: await wrapDelivery(
      north.kem.public,
      { vault, to: NORTH, seq: 1 },
      {
        node: nodeOf(NORTH),
        cells: [sourceCell],
        scopes: [],
      },
    ),
    terms: CODES.map((code) => must(ordered.encrypt(code))),
    halves: must(sealed.encryptMany(CODES)),
    tags: concat(...must(encryptTags(index, [[KEYWORD, { attribute: "code", keyword: "other" }]]))),
    capability: signCapability(patient.signer, { ...request, body: utf8("body") }),
  };
}

/** Open, verify, decrypt and evaluate all of it, and say what was found: the same on both sides. */
export async function unpack(parcel: Parcel): Promise<readonly string[]> {
  const { vault, head } = must(readChain(parcel.links));
  const place = { vault, cell, batch: BATCH };
  const found = [`chain ${toHex(vault)} ${head.seq} ${toHex(head.hash)}`];
  for (const [at, pair] of pairs.entries()) {
    const wrap = parcel.wraps[at];
    if (wrap === undefined) throw new Error(`no wrap of suite ${pair.suite}`);
    const key = must(await unwrapBatchKey(pair, place, wrap));
    const asked = { vault, record: RECORD, revision: 1, allows: () => true };
    const { content } = must(open(key, asked, parcel.envelope));
    if (new TextDecoder().decode(content.body) !== TEXT) throw new Error("another text");
    found.push(`record by suite ${pair.suite}: ${toHex(digest(content.body))}`);
  }
  const grant = must(await openGrant(doctor.kem, { vault, grant: GRANT, terms }, parcel.grant));
  const granted = grant.cells.map((item) => new KemPair(item.seed, 2));
  found.push(`granted ${granted.map(({ kem }) => toHex(kem)).join()}`);
  const delivery = await openDelivery(north.kem, { vault, to: NORTH, seq: 1 }, parcel.delivery);
  found.push(
    `delivered ${must(delivery)
      .cells.map(({ index: key }) => tokenOf(key))
      .join()}`,
  );
  found.push(`ordered ${parcel.terms.map((term) => ordered.decrypt(Term.of(term))).join()}`);
  const bounds = must(sealed.bounds(2, 500));
  found.push(`sealed ${must(evaluateSealed(16, parcel.halves, bounds)).join()}`);
  const column = { lists: parcel.tags, offsets: Uint32Array.of(0, parcel.tags.length) };
  found.push(
    `tags ${evaluateTags(column, [tagToken(index, KEYWORD)]).map((marks) => marks.join())}`,
  );
  const facts = { ...request, body: digest(utf8("body")), now: NOW };
  found.push(`capability of ${toHex(must(checkCapability(parcel.capability, facts)).signer)}`);
  return found;
}

function tokenOf(key: typeof index): string {
  return toHex(tagToken(key, KEYWORD));
}
