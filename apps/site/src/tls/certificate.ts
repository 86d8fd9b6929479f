import { createHash, X509Certificate } from "node:crypto";
import { chmod, readFile, rename, rm, writeFile } from "node:fs/promises";
import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { makeFolder } from "@salus/base/node";
import { StartFailure } from "@salus/service";
import { machineNames } from "../hosts.ts";

/** What a server shows under TLS, in PEM. */
export interface Certificate {
  readonly chain: string;
  readonly key: string;
  /** The certificate that a device is told to trust. */
  readonly authority: string;
  /** SHA-256 of that, as devices show it. */
  readonly fingerprint: string;
  /** Whether it was made just now, so that nobody trusts it yet. */
  readonly fresh: boolean;
}

interface Made {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** Apple refuses more than 825 days, below an authority that was added by hand too. */
const LIFE_DAYS = 397;
const RENEW_DAYS = 14;
const DAY_MS = 86_400_000;
const FILE = "certificate.json";

/** How a certificate that nobody outside knows is called on a phone's list. */
const AUTHORITY_NAME = "Salus on this machine";

/**
 * The certificate of this machine, from the folder, or made now.
 *
 * One that is not of this time, or does not have an address or a name that the machine has now, is made anew; then every
 * device has to be told again.
 *
 * Takes:   `folder`, only for this user.
 * Fails:   `no-certificate`, as a `StartFailure`: the folder cannot be written.
 */
export async function localCertificate(folder: string, now: number): Promise<Certificate> {
  const names = [...machineNames(), ...machineAddresses()];
  const kept = await readKept(folder);
  if (kept !== undefined && fits(kept, names, now)) return withFingerprint(kept, false);
  const made = await make(names, now);
  await keep(folder, made).catch((error: { code?: string }) => {
    throw new StartFailure("no-certificate", `cannot write to ${folder} (${error.code})`);
  });
  return withFingerprint(made, true);
}

/** Addresses that stay: those of IPv6 change by the day, and a name is easier to type. */
export function machineAddresses(): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return ["127.0.0.1", ...all.filter(isReachable).map(({ address }) => address)];
}

function isReachable({ family, internal }: { family: string; internal: boolean }): boolean {
  return family === "IPv4" && !internal;
}

/**
 * Make an authority and the one certificate that it will ever sign.
 *
 * Its key is forgotten here: a device that trusts this authority trusts it for every name there is, and nobody can take
 * from this machine what would sign another one.
 */
async function make(names: readonly string[], now: number): Promise<Made> {
  // Loaded late: its code is of no use to a site without `--tls`.
  const { generate } = await import("selfsigned");
  const life = {
    notBeforeDate: new Date(now - DAY_MS),
    notAfterDate: new Date(now + LIFE_DAYS * DAY_MS),
  };
  const kind = { keyType: "ec", curve: "P-256", algorithm: "sha256", ...life } as const;
  const authority = await generate([{ name: "commonName", value: AUTHORITY_NAME }], {
    ...kind,
    extensions: [
      { name: "basicConstraints", cA: true, pathLenConstraint: 0, critical: true },
      { name: "keyUsage", keyCertSign: true, critical: true },
    ],
  });
  const { cert, private: key } = await generate([{ name: "commonName", value: "localhost" }], {
    ...kind,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: names.map((name) =>
          isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name },
        ),
      },
    ],
  });
  return { authority: authority.cert, certificate: cert, key };
}

function fits({ certificate }: Made, names: readonly string[], now: number): boolean {
  const read = new X509Certificate(certificate);
  const lasts =
    Date.parse(read.validFrom) <= now && Date.parse(read.validTo) > now + RENEW_DAYS * DAY_MS;
  const has = (name: string): boolean =>
    (isIP(name) === 0 ? read.checkHost(name) : read.checkIP(name)) !== undefined;
  return lasts && names.every(has);
}

async function readKept(folder: string): Promise<Made | undefined> {
  const text = await readFile(join(folder, FILE), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const kept = JSON.parse(text) as Made;
    void new X509Certificate(kept.authority);
    void new X509Certificate(kept.certificate);
    return kept;
  } catch {
    return undefined; // Cut off while it was written, or something else: another one is made.
  }
}

async function keep(folder: string, made: Made): Promise<void> {
  makeFolder(folder);
  const draft = join(folder, `${FILE}.${process.pid}`);
  try {
    await writeFile(draft, JSON.stringify(made), { mode: 0o600 });
    await chmod(draft, 0o600);
    await rename(draft, join(folder, FILE));
  } finally {
    await rm(draft, { force: true });
  }
}

function withFingerprint({ authority, certificate, key }: Made, fresh: boolean): Certificate {
  const { raw } = new X509Certificate(authority);
  const hex = createHash("sha256").update(raw).digest("hex").toUpperCase();
  const fingerprint = hex.match(/../g)?.join(":") ?? "";
  return { chain: `${certificate}\n${authority}`, key, authority, fingerprint, fresh };
}
