import { fail, ok, type Result, toHex } from "@salus/base";
import type { AssociatedPatient } from "@salus/client";
import { EXIT } from "../exit.ts";
import { type HomeOptions, withHomes } from "../options.ts";
import { issuerOf } from "../providing/found.ts";
import type { Session } from "../session.ts";
import type { Column } from "../table.ts";
import type { Failure } from "../words.ts";
import { deskOf } from "./collect.ts";

export interface AssociatedOptions extends HomeOptions {
  readonly org: string;
  readonly patient?: string;
}

/**
 * List an organisation's patients who keep their vaults themselves, or say by what the organisation's
 * own records name one of them. Gives: the exit code.
 */
export function associatedPatients(
  session: Session,
  who: string | undefined,
  options: AssociatedOptions,
): Promise<number> {
  return withHomes(session, options, async (homes) => {
    const organisation = await issuerOf(homes, options.org);
    if (!organisation.ok) return session.fail(organisation.error);
    const desk = deskOf(organisation.value);
    const all = await desk.patients();
    if (!all.ok) return session.fail(all.error);
    if (who === undefined) return list(session, all.value);
    const patient = onlyOne(all.value, who);
    if (!patient.ok) return session.fail(patient.error);
    if (options.patient === undefined) {
      return session.fail({ kind: "usage", what: "it is not said by which --patient ID" });
    }
    await desk.name(patient.value, options.patient);
    const named = { ...patient.value, localId: options.patient };
    session.result(
      `records of Patient/${options.patient} go to ${named.label}`,
      patientJson(named),
    );
    return EXIT.done;
  });
}

function list(session: Session, rows: readonly AssociatedPatient[]): number {
  session.list({ rows, columns: COLUMNS, json: patientJson, none: "No patient has let it in." });
  return EXIT.done;
}

function patientJson({ label, localId: patient, vault }: AssociatedPatient): object {
  return { label, patient, vault: toHex(vault) };
}

const COLUMNS: readonly Column<AssociatedPatient>[] = [
  { title: "PATIENT", value: ({ label }) => label },
  { title: "IN IMPORTS", value: ({ localId }) => localId },
  { title: "VAULT", value: ({ vault }) => toHex(vault) },
];

/** Fails: `unknown-name`, `ambiguous-name`. */
function onlyOne(
  all: readonly AssociatedPatient[],
  text: string,
): Result<AssociatedPatient, Failure> {
  const found = all.filter(
    ({ label, localId, vault }) =>
      label === text || localId === text || (text.length >= 8 && toHex(vault).startsWith(text)),
  );
  const [first] = found;
  if (first !== undefined && found.length === 1) return ok(first);
  const named = { name: text, what: "a patient who has let it in" };
  const known = (found.length > 1 ? found : all).map(({ label }) => label);
  return fail({ kind: found.length > 1 ? "ambiguous-name" : "unknown-name", ...named, known });
}
