import { type Bytes, equalBytes } from "@salus/base";
import {
  type BatchError,
  type CapabilityError,
  type ChainError,
  type ChainState,
  type PathError,
  type RoleError,
  readChain,
  verifyBatch,
} from "@salus/evaluate";
import {
  type CellWrap,
  encodeCbor,
  encodeEntry,
  type ProblemKind,
  parseEntry,
  parseUpload,
  SUITES,
  type Upload,
} from "@salus/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import vectors from "../../../vectors/batch-v1.json" with { type: "json" };
import chain from "../../../vectors/chain-v1.json" with { type: "json" };
import { hex, must, outcome } from "./checks/check.ts";

// Goal: an upload is what its source signed, whole and in order, or it is refused.
// Method: the valid uploads of the vectors, changed in any bit, and with any item, entry, wrap or
// certificate dropped, doubled or moved.

const uploads = vectors.valid.map(({ upload }) => hex(upload));
const state: ChainState = must(
  readChain(chain.valid.slice(0, vectors.links).map(({ signed }) => hex(signed))),
);

function judge(body: Uint8Array): string {
  const upload = parseUpload(body);
  return outcome(upload.ok ? verifyBatch(upload.value, state) : upload);
}

describe("an upload", () => {
  it("is refused after any change of one bit: 1,000 of them", () => {
    fc.assert(
      fc.property(fc.constantFrom(...uploads), fc.nat(), fc.nat({ max: 7 }), (body, place, bit) => {
        const changed = body.slice();
        const at = place % body.length;
        changed[at] = (changed[at] as number) ^ (1 << bit);
        expect(judge(changed)).not.toBe("ok");
      }),
      { numRuns: 1000 },
    );
  });

  it("is refused cut off anywhere, or with anything after it", () => {
    for (const body of uploads) {
      for (let size = 0; size < body.length; size += 7) {
        expect(judge(body.subarray(0, size))).toBe("malformed");
      }
      expect(judge(Uint8Array.from([...body, 0]))).toBe("malformed");
    }
  });

  it("is refused with a part of any of its lists dropped, doubled or moved", () => {
    let changes = 0;
    for (const body of uploads) {
      const upload = must(parseUpload(body));
      for (const changed of rearranged(upload)) {
        const bytes = encodeCbor(changed);
        if (equalBytes(bytes, body)) continue;
        // Certificates are not under the batch's signature: one too many harms nobody.
        const verdict = judge(bytes);
        const same = changed.items === upload.items && changed.wraps === upload.wraps;
        if (!(same && changed.certificates.length >= upload.certificates.length)) {
          expect(verdict).not.toBe("ok");
        }
        changes += 1;
      }
    }
    expect(changes).toBeGreaterThan(20);
  });

  it("has wraps whose encapsulation no other can replace", () => {
    const upload = must(parseUpload(uploads[0] as Bytes));
    const wraps = upload.wraps.map((wrap): CellWrap => {
      return { ...wrap, enc: new Uint8Array(SUITES[wrap.suite].enc).fill(9) };
    });
    expect(judge(encodeCbor({ ...upload, wraps }))).toBe("root-mismatch");
  });
});

describe("an entry", () => {
  it("has one spelling", () => {
    for (const { items } of vectors.valid) {
      for (const entry of items.flatMap((item) => item.entries).map(hex)) {
        expect(encodeEntry(must(parseEntry(entry)))).toEqual(entry);
        expect(parseEntry(entry.slice(0, -1)).ok).toBe(false);
      }
    }
  });
});

describe("errors", () => {
  it("are kinds that the API has a status for", () => {
    type Kind = (BatchError | ChainError | CapabilityError | PathError | RoleError)["kind"];
    // Does not compile when a verifier gains a kind that the API does not know.
    const known: (kind: Kind) => ProblemKind = (kind) => kind;
    expect(known("root-mismatch")).toBe("root-mismatch");
  });
});

function rearranged(upload: Upload): readonly Upload[] {
  const { wraps, certificates, items } = upload;
  return [
    ...edits(items).map((edited) => ({ ...upload, items: edited })),
    ...edits(wraps).map((edited) => ({ ...upload, wraps: edited })),
    ...edits(certificates).map((edited) => ({ ...upload, certificates: edited })),
    ...items.flatMap((item, at) =>
      edits(item.entries).map((entries) => ({
        ...upload,
        items: items.with(at, { ...item, entries }),
      })),
    ),
  ];
}

/** A list with one part dropped, doubled, or exchanged with the next. */
function edits<T>(list: readonly T[]): readonly (readonly T[])[] {
  return list.flatMap((part, at) => {
    const next = list[at + 1];
    const dropped = list.filter((_, i) => i !== at);
    const doubled = list.toSpliced(at, 0, part);
    const moved = next === undefined ? [] : [list.with(at, next).with(at + 1, part)];
    return [dropped, doubled, ...moved];
  });
}
