import {
  ChainCache,
  type Cloud,
  openVault,
  type Patient,
  PatientRequests,
  type Registry,
} from "@salus/client";
import type { Member } from "../accounts/member.ts";
import { newestMailbox, openMember } from "../accounts/member.ts";
import { connect } from "../connect.ts";
import { openRegistry } from "../homes/clients.ts";
import type { Homes } from "../homes/homes.ts";
import {
  type CloudOptions,
  type DirectoryOptions,
  type HomeOptions,
  withHomes,
} from "../options.ts";
import type { Session } from "../session.ts";

/** A patient who is about to decide who reads. */
export interface Decider {
  readonly homes: Homes;
  readonly cloud: Cloud;
  readonly member: Member;
  readonly patient: Patient;
  readonly registry: Registry;
  readonly requests: PatientRequests;
}

export interface DeciderOptions extends HomeOptions, CloudOptions, DirectoryOptions {
  /** `--patient`; may be left out where there is only one with an account. */
  readonly patient?: string;
}

/** Run something as the patient who decides, signed in. Gives: the exit code. */
export function asDecider(
  session: Session,
  options: DeciderOptions,
  run: (decider: Decider) => Promise<number>,
): Promise<number> {
  return withHomes(session, options, async (homes) => {
    const cloud = await connect(options.cloud);
    if (!cloud.ok) return session.fail(cloud.error);
    const member = await openMember(homes, options.directory, options.patient, "patient");
    if (!member.ok) return session.fail(member.error);
    const { account, home } = member.value;
    const patient = await openVault(account, { cloud: cloud.value, chains: new ChainCache() });
    if (!patient.ok) return session.fail(patient.error);
    const registry = await openRegistry(homes, cloud.value);
    if (!registry.ok) return session.fail(registry.error);
    const requests = new PatientRequests({
      patient: patient.value,
      registry: registry.value,
      mailbox: newestMailbox(member.value),
      store: home.store,
    });
    return run({
      homes,
      cloud: cloud.value,
      member: member.value,
      patient: patient.value,
      registry: registry.value,
      requests,
    });
  });
}
