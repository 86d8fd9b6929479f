import { type Certificate, Digest, type KemKey, type Role, VerifyKey } from "@salus/protocol";
import { describe, expect, it } from "vitest";
import {
  certificateBook,
  certificatePath,
  pathThrough,
  type SignedCertificate,
} from "../src/index.ts";

// Goal: whoever publishes certificates without end keeps nobody who looks for a path from finding it.
// Method: books in which the ways up multiply, a thousand certificates at each step; a search that tried
// them all would take hours.

const STEPS = 1000;
const NOW = 1000;

function keyOf(name: string): VerifyKey {
  return VerifyKey.of(Uint8Array.from({ length: 32 }, (_, at) => name.charCodeAt(at) || 0));
}

let hashes = 0;

function certified(
  issuer: string,
  subject: string,
  role: Role,
  more: Partial<Certificate> = {},
): SignedCertificate {
  hashes += 1;
  const hash = Digest.of(new Uint8Array(32).fill(hashes & 255).fill(hashes >> 8, 0, 16));
  const payload: Certificate = {
    ...{ issuer: keyOf(issuer), subject: keyOf(subject), role, node: subject, parent: issuer },
    ...{ name: subject, identifiers: [], suite: 2, kem: new Uint8Array(32) as KemKey },
    ...{ notBefore: 0, expires: NOW },
    ...more,
  };
  return { type: "certificate", payload, signer: payload.issuer, hash };
}

function many(...of: Parameters<typeof certified>): readonly SignedCertificate[] {
  return Array.from({ length: STEPS }, () => certified(...of));
}

const honest = [
  certified("hospital", "clinic", "department"),
  certified("clinic", "physician", "physician"),
];
const root = { key: keyOf("hospital"), node: "hospital" };

describe("a search for a path", () => {
  it("goes no way that a stranger's certificates lead", () => {
    const strange = [
      ...many("stranger", "second", "department"),
      ...many("second", "third", "physician"),
      ...many("third", "physician", "device"),
    ];
    const book = certificateBook([...strange, ...honest]);
    const found = certificatePath(book, root, keyOf("physician"), NOW);
    expect(found).toEqual({ ok: true, value: honest });
    for (const last of strange) {
      expect(pathThrough(book, root, last, NOW)).toMatchObject({
        error: { kind: "certificate-path" },
      });
    }
  });

  it("ends where a hospital certifies its own without end", () => {
    const over = { expires: NOW - 1 };
    const ways = [
      ...many("hospital", "clinic", "department", over),
      ...many("clinic", "other", "physician", over),
      ...many("other", "device", "device", { ...over, node: "other", name: "other" }),
    ];
    const book = certificateBook([...ways, ...honest]);
    const none = certificatePath(book, root, keyOf("device"), NOW);
    expect(none).toMatchObject({ error: { kind: "certificate-expired" } });
    const found = certificatePath(certificateBook(honest), root, keyOf("physician"), NOW);
    expect(found.ok).toBe(true);
  });
});
