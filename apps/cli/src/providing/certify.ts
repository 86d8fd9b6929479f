import { readFile } from "node:fs/promises";
import { fail, ok, type Result, toHex } from "@salus/base";
import {
  attest,
  type Certification,
  certify,
  decodeCard,
  type Provider,
  publishCertificates,
} from "@salus/client";
import { ATTESTATION_LIFE_MS } from "@salus/protocol";
import { connect } from "../connect.ts";
import { EXIT } from "../exit.ts";
import { openRegistry } from "../homes/clients.ts";
import type { Homes } from "../homes/homes.ts";
import { type CloudOptions, type HomeOptions, openHomes, withHomes } from "../options.ts";
import { counted } from "../progress.ts";
import type { Session } from "../session.ts";
import type { Failure } from "../words.ts";
import type { Application } from "./found.ts";

type AuthorityOptions = HomeOptions & CloudOptions;

/** Say the key of this folder's authority, which is made when it is first asked for. */
export async function printAuthority(session: Session, options: HomeOptions): Promise<number> {
  const homes = await openHomes(session, options, { create: true });
  if (!homes.ok) return session.fail(homes.error);
  const authority = await homes.value.authority();
  if (authority.ok) await homes.value.save();
  await homes.value.close();
  if (!authority.ok) return session.fail(authority.error);
  const key = toHex(authority.value.identity.card.sign);
  session.result(key, { role: "authority", key });
  return EXIT.done;
}

/** Certify organisations, as the authority of this folder. */
export function certifyOrganisations(
  session: Session,
  files: readonly string[],
  options: AuthorityOptions,
): Promise<number> {
  return withHomes(session, options, async (homes) => {
    const applications: Application[] = [];
    for (const file of files) {
      const read = await readApplication(file);
      if (!read.ok) return session.fail(read.error);
      applications.push(read.value);
    }
    const authority = await homes.authority();
    if (!authority.ok) return session.fail(authority.error);
    const { identity } = authority.value;
    const stated: Certification[] = [];
    for (const { node, name, identifiers, card: text } of applications) {
      const card = decodeCard(text);
      if (!card.ok) return session.fail(card.error);
      stated.push({ role: "organisation", node, name, identifiers, card: card.value });
    }
    const certificates = stated.map((one) => certify(identity, one));
    const cloud = await connect(options.cloud);
    if (!cloud.ok) return session.fail(cloud.error);
    const published = await publishCertificates(cloud.value, identity, certificates);
    if (!published.ok) return session.fail(published.error);
    for (const { role, node, name, identifiers, card } of stated) {
      const certified = { role, node, name, identifiers, key: toHex(card.sign) };
      session.result(`certified ${name}  [${node}]`, certified);
    }
    return EXIT.done;
  });
}

/** Attest every physician in good standing for a week, as the authority of this folder. */
export function attestPhysicians(session: Session, options: AuthorityOptions): Promise<number> {
  return withHomes(session, options, async (homes) => {
    const attested = await attestAll(homes, options.cloud);
    if (!attested.ok) return session.fail(attested.error);
    const { physicians, until } = attested.value;
    session.result(`attested ${counted(physicians.length, "physician")}, for a week`, {
      physicians: physicians.map(({ node, name, card }) => ({ node, name, key: toHex(card.sign) })),
      until: new Date(until).toISOString(),
    });
    return EXIT.done;
  });
}

/** Whom an authority vouches for, and until when. */
export interface Attested {
  readonly physicians: readonly Provider[];
  readonly until: number;
}

/** Attest them. Fails: any `CloudError`, any `HomeError`. */
export async function attestAll(homes: Homes, url: string): Promise<Result<Attested, Failure>> {
  const cloud = await connect(url);
  if (!cloud.ok) return cloud;
  const registry = await openRegistry(homes, cloud.value);
  if (!registry.ok) return registry;
  const authority = await homes.authority();
  if (!authority.ok) return authority;
  const { identity } = authority.value;
  const physicians = registry.value
    .providers()
    .filter(({ role, standing }) => role === "physician" && standing === "good");
  const now = Date.now();
  const signed = physicians.map((physician) => attest(identity, physician, now));
  const published = await publishCertificates(cloud.value, identity, signed);
  return published.ok ? ok({ physicians, until: now + ATTESTATION_LIFE_MS }) : published;
}

async function readApplication(path: string): Promise<Result<Application, Failure>> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return fail({ kind: "no-such-file", path });
  const what = `${path} is no application of an organisation`;
  const next = "it is the line that `salus org found` prints.";
  try {
    const read = JSON.parse(text) as Partial<Application>;
    const { node, name, identifiers, card } = read;
    const texts = [node, name, card].every((one) => typeof one === "string" && one !== "");
    const list = Array.isArray(identifiers) && identifiers.every((one) => typeof one === "string");
    return texts && list ? ok(read as Application) : fail({ kind: "usage", what, next });
  } catch {
    return fail({ kind: "usage", what, next });
  }
}
