import { fail, ok, type Result, toHex } from "@salus/base";
import { certify, encodeCard, publishCertificates } from "@salus/client";
import { connect } from "../connect.ts";
import { EXIT } from "../exit.ts";
import type { Homes, Resident } from "../homes/homes.ts";
import { BY_OTHERS } from "../homes/person.ts";
import { type CloudOptions, type HomeOptions, withHomes } from "../options.ts";
import type { Session } from "../session.ts";
import type { Failure } from "../words.ts";

export interface FoundOptions extends HomeOptions, CloudOptions {
  readonly below?: string;
  readonly identifier?: readonly string[];
}

/** What an organisation asks an authority to certify. */
export interface Application {
  readonly node: string;
  readonly name: string;
  readonly identifiers: readonly string[];
  readonly card: string;
}

/**
 * Make keys for an organisation, which an authority is to certify, or for a department, which the one
 * above certifies at once. Gives: the exit code.
 */
export function foundProvider(
  session: Session,
  node: string,
  name: string,
  options: FoundOptions,
): Promise<number> {
  const { below: parent = "", identifier: identifiers = [] } = options;
  return withHomes(session, options, async (homes) => {
    const above = parent === "" ? ok(undefined) : await issuerOf(homes, parent);
    if (!above.ok) return session.fail(above.error);
    const role = above.value === undefined ? "organisation" : "department";
    // By these its own exports name it.
    const references = [
      `Organization/${node}`,
      ...identifiers.map((identifier) => `Organization?identifier=${identifier}`),
    ];
    const settled = await homes.settle({ role, id: node, name, parent, identifiers, references });
    if (!settled.ok) return session.fail(settled.error);
    homes.certified(settled.value.person, BY_OTHERS);
    await homes.save();
    const { card } = settled.value.identity;
    if (above.value === undefined) {
      session.json({ node, name, identifiers, card: encodeCard(card) } satisfies Application);
      session.note(
        "An authority certifies it: salus org certify FILE, with this line in the file.",
      );
      return EXIT.done;
    }
    const cloud = await connect(options.cloud);
    if (!cloud.ok) return session.fail(cloud.error);
    const { identity } = above.value;
    const signed = certify(identity, { role: "department", node, parent, name, identifiers, card });
    const published = await publishCertificates(cloud.value, identity, [signed]);
    if (!published.ok) return session.fail(published.error);
    const certified = { role, node, parent, name, identifiers, key: toHex(card.sign) };
    session.result(`certified ${name}  [${node}], below ${parent}`, certified);
    return EXIT.done;
  });
}

/** An organisation or department whose keys are here. Fails: `unknown-name`, any `HomeError`. */
export async function issuerOf(homes: Homes, text: string): Promise<Result<Resident, Failure>> {
  const person = homes.find(
    text,
    "an organisation or department here",
    "organisation",
    "department",
  );
  return person.ok ? homes.open(person.value) : fail(person.error);
}
