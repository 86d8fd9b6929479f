import { ok, type Result } from "@salus/base";
import { ChainCache, openVault, type Patient, PatientRequests } from "@salus/client";
import { type Connected, openConnected } from "../accounts/connected.ts";
import { newestMailbox } from "../accounts/member.ts";
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
export interface Decider extends Connected {
  readonly homes: Homes;
  readonly patient: Patient;
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
  const connected = await openConnected(homes, urls, who, "patient");
  if (!connected.ok) return connected;
  const { cloud, member, registry } = connected.value;
  const patient = await openVault(member.account, { cloud, chains: new ChainCache() });
  if (!patient.ok) return patient;
  const synced = await patient.value.sync();
  if (!synced.ok) return synced;
  const requests = new PatientRequests({
    ...{ patient: patient.value, registry, store: member.home.store },
    mailbox: newestMailbox(member),
    older: member.mailboxes.slice(1),
  });
  const ended = await requests.revokeSuspended();
  if (!ended.ok) return ended;
  return ok({ homes, ...connected.value, patient: patient.value, requests, ended: ended.value });
}
