import { ok, type Result } from "@salus/base";
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
import type { Failure } from "../words.ts";

/** A patient who is about to decide who reads. */
export interface Decider {
  readonly homes: Homes;
  readonly cloud: Cloud;
  readonly member: Member;
  readonly patient: Patient;
  readonly registry: Registry;
  readonly requests: PatientRequests;
  /** How many accesses were ended now, because whoever has them is suspended. */
  readonly ended: number;
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
    const decider = await openDecider(homes, options, options.patient);
    if (!decider.ok) return session.fail(decider.error);
    const { ended } = decider.value;
    if (ended > 0)
      session.note(`${ended} access ended: the certificate of its holder is suspended.`);
    return run(decider.value);
  });
}

/**
 * A patient, signed in, with her vault open and nobody in it who has been suspended.
 *
 * Fails:   as `openMember`, `openVault` and `PatientRequests.revokeSuspended`.
 */
export async function openDecider(
  homes: Homes,
  urls: CloudOptions & DirectoryOptions,
  who: string | undefined,
): Promise<Result<Decider, Failure>> {
  const cloud = await connect(urls.cloud);
  if (!cloud.ok) return cloud;
  const member = await openMember(homes, urls.directory, who, "patient");
  if (!member.ok) return member;
  const { account, home } = member.value;
  const patient = await openVault(account, { cloud: cloud.value, chains: new ChainCache() });
  if (!patient.ok) return patient;
  const synced = await patient.value.sync();
  if (!synced.ok) return synced;
  const registry = await openRegistry(homes, cloud.value);
  if (!registry.ok) return registry;
  const requests = new PatientRequests({
    patient: patient.value,
    registry: registry.value,
    mailbox: newestMailbox(member.value),
    older: member.value.mailboxes.slice(1),
    store: home.store,
  });
  const ended = await requests.revokeSuspended();
  if (!ended.ok) return ended;
  return ok({
    homes,
    cloud: cloud.value,
    member: member.value,
    patient: patient.value,
    registry: registry.value,
    requests,
    ended: ended.value,
  });
}
