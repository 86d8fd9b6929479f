import { tagsOf } from "@salus/client";
import {
  DISCOVERY,
  type Identifier,
  type IdentifierTag,
  type LookUp,
  type Mailbox,
} from "@salus/protocol";
import { must } from "@salus/testkit";
import {
  type Discovery,
  type Member,
  member,
  type Physician,
  phone,
  registered,
  someNumber,
} from "../../apps/directory/test/discovery-world.ts";

/** Numbers that patients have registered, as many that nobody has, and the tags of both. */
export interface Searched {
  readonly known: readonly IdentifierTag[];
  readonly unknown: readonly IdentifierTag[];
  readonly mailboxes: readonly Mailbox[];
}

/** Fill a directory with `count` patients, each found by a number. */
export async function searched(world: Discovery, count: number): Promise<Searched> {
  const numbers = Array.from({ length: 2 * count }, (_, at) => phone(someNumber(at)));
  const [there, nowhere] = [numbers.slice(0, count), numbers.slice(count)];
  const mailboxes: Mailbox[] = [];
  for (const number of there) {
    const patient = await member(world, "patient");
    await registered(patient, number);
    mailboxes.push(patient.mailbox.mailbox);
  }
  return { known: await tags(world, there), unknown: await tags(world, nowhere), mailboxes };
}

async function tags(
  world: Discovery,
  identifiers: readonly Identifier[],
): Promise<readonly IdentifierTag[]> {
  const doctor = await member(world, "practitioner");
  const made: IdentifierTag[] = [];
  for (let at = 0; at < identifiers.length; at += DISCOVERY.elements) {
    made.push(...must(await tagsOf(doctor, identifiers.slice(at, at + DISCOVERY.elements))));
  }
  return made;
}

/** A signed question, as of now. */
export function lookUpOf(
  world: Discovery,
  by: Member,
  { asker }: Physician,
  tag: IdentifierTag,
): LookUp {
  const asked = asker.signer.sign("look-up", {
    audience: world.info.id,
    session: by.caller.session,
    tag,
    reason: "TREAT",
    time: Date.now() + world.clock.ahead,
  });
  return { asked, certificates: asker.certificates, attestations: asker.attestations };
}
