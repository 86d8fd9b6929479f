import { fail, ok, type Result } from "@salus/base";
import {
  type Letter,
  type NotShown,
  type Pending,
  removeParcel,
  type SeenLookUp,
  sendParcel,
  shownText,
} from "@salus/client";
import { type Decider, deciderOf, newestDecider } from "../deciding/decider.ts";
import { readInbox } from "../deciding/inbox.ts";
import { NAME_MAX } from "../deciding/names.ts";
import { noteAsked } from "../log/asked.ts";
import { withOpen } from "../open.ts";
import type { Failure, Problem } from "../problem.ts";
import { type Chosen, readChosen } from "./choice.ts";
import { type ProposalShown, proposalView } from "./proposal-view.ts";
import { type RequestView, requestView } from "./request-view.ts";

/** Somebody who looked for her, and who she is shown to be. */
export interface LookUpView {
  readonly time: number;
  /** Nothing where her certificates do not show that she is anybody. */
  readonly who: { readonly name: string; readonly organisation: string } | undefined;
  /** Why nobody is named. */
  readonly problem: Failure["kind"] | undefined;
  readonly purpose: string;
  readonly foundBy: { readonly kind: string; readonly value: string } | undefined;
}

/** What waits for her answer, and who has looked for her. */
export interface InboxView {
  readonly waiting: readonly RequestView[];
  readonly lookUps: readonly LookUpView[];
  readonly notShown: readonly NotShown[];
}

/** What an answer has led to. */
export interface AnsweredView {
  /** Whether it has been posted; if not, it is at the next look into the mailbox. */
  readonly posted: boolean;
}

/** Requests, and the answers to them. */
export const requests = {
  /** What waits for an answer. */
  list: (): Promise<Result<InboxView, Problem>> =>
    withOpen(async (open) => {
      const decider = await newestDecider(open);
      if (!decider.ok) return decider;
      const inbox = await readInbox(decider.value);
      if (!inbox.ok) return inbox;
      const { patient, registry } = decider.value;
      const { pending, lookUps, notShown } = inbox.value;
      const waiting = pending.map(({ opened }) => requestView(opened, patient, registry));
      waiting.sort((a, b) => b.asked - a.asked);
      return ok({ waiting, lookUps: lookUps.map(lookUpView), notShown });
    }),

  /** One that waits. Fails: `unknown-request`: it was answered, or never was there. */
  get: (id: string): Promise<Result<RequestView, Problem>> =>
    withOpen(async (open) => {
      const decider = await newestDecider(open);
      if (!decider.ok) return decider;
      const pending = await pendingOf(decider.value, id);
      if (!pending.ok) return pending;
      const { patient, registry } = decider.value;
      return ok(requestView(pending.value.opened, patient, registry));
    }),

  /** What she would sign, narrowed so. Nothing is signed. Fails: as `PatientRequests.propose`. */
  propose: (id: string, chosen: Chosen): Promise<Result<ProposalShown, Problem>> =>
    withOpen(async (open) => {
      const decider = await deciderOf(open);
      if (!decider.ok) return decider;
      const pending = await pendingOf(decider.value, id);
      if (!pending.ok) return pending;
      const choice = readChosen(chosen);
      if (!choice.ok) return choice;
      const { patient, registry, held } = decider.value;
      const proposal = decider.value.requests.propose(pending.value.opened, choice.value);
      if (!proposal.ok) return proposal;
      const name = crypto.randomUUID();
      held.proposals.set(id, { id: name, proposal: proposal.value });
      return ok(proposalView(name, proposal.value, patient, registry));
    }),

  /**
   * Sign what was shown, and nothing else.
   *
   * Takes:   `proposal`, the last that was shown of this request.
   * Fails:   `step-up`: she is to be asked who she is; `proposal-stale`: something else was shown
   *          since; as `PatientRequests.approve`.
   */
  approve: (id: string, proposal: string, note: string): Promise<Result<AnsweredView, Problem>> =>
    withOpen(async (open) => {
      const decider = await deciderOf(open);
      if (!decider.ok) return decider;
      const pending = await pendingOf(decider.value, id);
      if (!pending.ok) return pending;
      const shown = decider.value.held.proposals.get(id);
      if (shown?.id !== proposal) return fail({ kind: "proposal-stale" });
      const approved = await decider.value.requests.approve(shown.proposal, open.stepUp, note);
      if (!approved.ok) return approved;
      await noteAsked(open, pending.value);
      return ok(await post(decider.value, pending.value, approved.value.letter));
    }),

  /** Say no, with or without a word. Fails: `step-up`; as `PatientRequests.deny`. */
  deny: (id: string, note: string): Promise<Result<AnsweredView, Problem>> =>
    withOpen(async (open) => {
      const decider = await deciderOf(open);
      if (!decider.ok) return decider;
      const pending = await pendingOf(decider.value, id);
      if (!pending.ok) return pending;
      const letter = await decider.value.requests.deny(pending.value.opened, open.stepUp, note);
      if (!letter.ok) return letter;
      await noteAsked(open, pending.value);
      return ok(await post(decider.value, pending.value, letter.value));
    }),

  /** Forget something that is not shown. */
  drop: (number: number): Promise<Result<void, Problem>> =>
    withOpen(async (open) => {
      const decider = await deciderOf(open);
      return decider.ok ? removeParcel(decider.value.session, number) : decider;
    }),
};

/** A request that was opened here; the mailbox is read anew for one that was not. */
async function pendingOf(decider: Decider, id: string): Promise<Result<Pending, Failure>> {
  const known = decider.held.pending.get(id);
  if (known !== undefined) return ok(known);
  const inbox = await readInbox(decider);
  if (!inbox.ok) return inbox;
  const found = decider.held.pending.get(id);
  return found === undefined ? fail({ kind: "unknown-request" }) : ok(found);
}

/** She has decided: from here on nothing fails, for what is not posted now is at the next look. */
async function post(
  { session, held }: Decider,
  { number, opened }: Pending,
  { to, kind, statement }: Letter,
): Promise<AnsweredView> {
  const name = [...held.pending].find(([, one]) => one.opened === opened)?.[0];
  if (name !== undefined) {
    held.pending.delete(name);
    held.proposals.delete(name);
  }
  const sent = await sendParcel(session, to, kind, statement);
  if (sent.ok) await removeParcel(session, number);
  return { posted: sent.ok };
}

function lookUpView({ by, reason, time, identifier }: SeenLookUp): LookUpView {
  const who = by.ok
    ? {
        name: shownText(by.value.physician.payload.name, NAME_MAX),
        organisation: shownText(by.value.path[0].payload.name, NAME_MAX),
      }
    : undefined;
  return {
    time,
    who,
    problem: by.ok ? undefined : by.error.kind,
    purpose: shownText(reason, NAME_MAX),
    foundBy: identifier,
  };
}
