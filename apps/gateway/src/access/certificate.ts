import { X509Certificate } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { fail, ok, type Result } from "@salus/base";
import { makeFolder } from "@salus/base/node";
import { machineNames } from "./origin.ts";

/** What a server shows under TLS, in PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** Why there is no certificate. */
export interface CertificateFault {
  readonly kind: "no-certificate";
  readonly problem: string;
}

const LIFE_DAYS = 397;
const RENEW_DAYS = 14;
const DAY_MS = 86_400_000;
const FILE = "gateway-certificate.json";

/**
 * The certificate of this machine's gateway, from the folder, or made now.
 *
 * It signs nothing but itself: a client is told to trust this one, and trusts no other by it. Made anew when it is about to
 * end, or lacks a name.
 *
 * Takes:   `folder`, only for this user; `host`, which is listened on.
 * Fails:   `no-certificate`: the folder cannot be written.
 */
export async function localCertificate(
  folder: string,
  host: string,
  now: number,
): Promise<Result<Certificate, CertificateFault>> {
  const everywhere = host === "0.0.0.0" || host === "::";
  const addresses = everywhere ? machineAddresses() : [host];
  const names = [...new Set([...machineNames(), "127.0.0.1", ...addresses])];
  const path = join(folder, FILE);
  const kept = await readKept(path);
  if (kept !== undefined && fits(kept, names, now)) return ok(kept);
  const made = await make(names, now);
  const problem = await keep(folder, path, made);
  return problem === undefined ? ok(made) : fail({ kind: "no-certificate", problem });
}

/** A certificate that somebody else made. Fails: `no-certificate`. */
export async function readCertificate(
  certificatePath: string,
  keyPath: string,
): Promise<Result<Certificate, CertificateFault>> {
  try {
    const certificate = await readFile(certificatePath, "utf8");
    const key = await readFile(keyPath, "utf8");
    void new X509Certificate(certificate);
    return ok({ certificate, key });
  } catch {
    const problem = `no certificate and key can be read from ${certificatePath} and ${keyPath}`;
    return fail({ kind: "no-certificate", problem });
  }
}

/** Addresses that stay: those of IPv6 change by the day. */
function machineAddresses(): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const reached = all.filter(({ family, internal }) => family === "IPv4" && !internal);
  return reached.map(({ address }) => address);
}

async function make(names: readonly string[], now: number): Promise<Certificate> {
  // Loaded late: its code is of no use to a gateway without `--tls`.
  const { generate } = await import("selfsigned");
  const made = await generate([{ name: "commonName", value: "Salus gateway" }], {
    ...{ keyType: "ec", curve: "P-256", algorithm: "sha256" },
    notBeforeDate: new Date(now - DAY_MS),
    notAfterDate: new Date(now + LIFE_DAYS * DAY_MS),
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
  return { certificate: made.cert, key: made.private };
}

function fits({ certificate }: Certificate, names: readonly string[], now: number): boolean {
  const read = new X509Certificate(certificate);
  const lasts =
    Date.parse(read.validFrom) <= now && Date.parse(read.validTo) > now + RENEW_DAYS * DAY_MS;
  const has = (name: string): boolean =>
    (isIP(name) === 0 ? read.checkHost(name) : read.checkIP(name)) !== undefined;
  return lasts && names.every(has);
}

async function readKept(path: string): Promise<Certificate | undefined> {
  try {
    const kept = JSON.parse(await readFile(path, "utf8")) as Certificate;
    void new X509Certificate(kept.certificate);
    return kept;
  } catch {
    return undefined; // Not there, or cut off while it was written: another one is made.
  }
}

/** Gives: what went wrong, in words. */
async function keep(folder: string, path: string, made: Certificate): Promise<string | undefined> {
  const draft = `${path}.${process.pid}`;
  try {
    makeFolder(folder);
    await writeFile(draft, JSON.stringify(made), { mode: 0o600 });
    await rename(draft, path);
    return undefined;
  } catch (error) {
    return `cannot write to ${folder} (${(error as { code?: string }).code})`;
  } finally {
    await rm(draft, { force: true }).catch(() => undefined); // What kept it from being written keeps it here.
  }
}
