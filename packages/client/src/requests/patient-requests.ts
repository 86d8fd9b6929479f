import { assert, type Bytes, equalBytes, fail, ok, type Result, toHex, utf8 } from "@salus/base";
import type { MailboxKeys } from "@salus/crypto";
import { named } from "@salus/evaluate";
import type { Digest, GrantHandle, RequestHandle, VerifyKey } from "@salus/protocol";
import type { KeyStore, StoreDamaged } from "../key-store.ts";
import type { Patient } from "../patient/patient.ts";
import type { VaultDraft } from "../patient/vault-draft.ts";
import type { Registry } from "../registry/registry.ts";
import { type Letter, signAnswer } from "./answers.ts";
import { addApproval } from "./approval.ts";
import {
  endAccesses,
  extendGrants,
  liveGrants,
  type Narrowing,
  narrowGrants,
  revokeGrants,
} from "./changes.ts";
import type { DecisionError, OpenRequestError } from "./failure.ts";
import { type GivenAccess, givenAccesses } from "./given.ts";
import { type OpenedRequest, openRequest } from "./open-request.ts";
import { type Choice, type Proposal, propose } from "./proposal.ts";
import { checkStepUp, type StepUp } from "./step-up.ts";

/** What a patient needs to decide who reads. */
export interface PatientRequestsOptions {
  readonly patient: Patient;
  /** Whom she believes about practitioners, and the names of her sources. */
  readonly registry: Registry;
  readonly mailbox: MailboxKeys;
  /** Those of older account roots: what was sent there is still hers, and answered from there. */
  readonly older?: readonly MailboxKeys[];
  /** Where answers are kept: the home of her device. */
  readonly store: KeyStore;
  readonly now?: () => number;
}

/** What an approval has led to. */
export interface Approved {
  readonly grants: readonly GrantHandle[];
  /** To be posted; `letterFor` makes it again. */
  readonly letter: Letter;
}

type Decided<T> = Promise<Result<T, DecisionError | OpenRequestError>>;

const NOTE_BYTES_MAX = 1024;

/** The patient's side of requests: she opens, narrows, approves, denies, and ends. Spec: requests. */
export class PatientRequests {
  readonly #options: PatientRequestsOptions;

  constructor(options: PatientRequestsOptions) {
    this.#options = options;
  }

  /** Verify a request that came. Fails: any `OpenRequestError`. */
  async open(signed: Bytes): Promise<Result<OpenedRequest, OpenRequestError | StoreDamaged>> {
    const opened = openRequest(signed, this.#context());
    if (!opened.ok) return opened;
    const answered = await this.#isAnswered(opened.value);
    if (!answered.ok) return answered;
    return answered.value ? fail({ kind: "request-answered" }) : opened;
  }

  /** What she would sign, if she narrowed a request so. Fails: as `propose`. */
  propose(opened: OpenedRequest, choice: Choice = {}): Result<Proposal, DecisionError> {
    const { patient, registry } = this.#options;
    return propose(patient.draft(), opened, choice, registry);
  }

  /**
   * Sign what a proposal shows, and the answer.
   *
   * Everything is judged again, for time has passed: whether the request still is one to be shown, and
   * whether its terms still say what they did.
   *
   * Fails:   `step-up`, any `OpenRequestError` and `DecisionError`; then nothing is granted.
   * Leaks:   to the cloud: to which keys, for which cells and scopes, until when; not which categories.
   */
  async approve(proposal: Proposal, stepUp: StepUp, note = ""): Decided<Approved> {
    const { patient, registry } = this.#options;
    const again = await this.#judge(proposal.opened, stepUp, note);
    if (!again.ok) return again;
    const added = await patient.change<void, DecisionError>((draft) =>
      addApproval(draft, proposal, registry),
    );
    if (!added.ok) return added;
    const grants = proposal.grants.map(({ grant }) => grant);
    return ok({ grants, letter: await this.#answer(proposal.opened, grants, note) });
  }

  /** Say no. It leaves nothing in the chain. Fails: `step-up`, any `OpenRequestError`. */
  async deny(opened: OpenedRequest, stepUp: StepUp, note = ""): Decided<Letter> {
    const again = await this.#judge(opened, stepUp, note);
    return again.ok ? ok(await this.#answer(opened, undefined, note)) : again;
  }

  /**
   * The answer to a request that was decided, once more: what was posted may have been lost.
   *
   * Gives:   nothing for one that was not decided; nor for another one under its name, which everybody
   *          who reads the chain may know: the answer is for who asked.
   */
  async letterFor(
    signed: Bytes,
  ): Promise<Result<Letter | undefined, OpenRequestError | StoreDamaged>> {
    const opened = openRequest(signed, this.#context());
    if (!opened.ok) return opened;
    const { digest, request: asked } = opened.value;
    const { request, reply: to } = asked;
    const stored = await this.#options.store.read(nameOf(digest));
    if (!stored.ok) return stored;
    if (stored.value !== undefined) return ok({ to, kind: "answer", statement: stored.value });
    const { chain } = this.#options.patient;
    const approval = named(chain.approvals, request);
    if (approval === undefined || !equalBytes(approval.digest, digest)) return ok(undefined);
    // Another device of hers approved it, or this one was interrupted.
    const live = liveGrants(chain, request);
    const grants = live.ok ? live.value.map(({ grant }) => grant) : [];
    return ok(grants.length > 0 ? await this.#answer(opened.value, grants, "") : undefined);
  }

  /** Let an access last longer. Fails: `step-up`, as `extendGrants`. */
  async extend(
    request: RequestHandle,
    expires: number,
    stepUp: StepUp,
  ): Promise<Result<void, DecisionError>> {
    const fresh = checkStepUp(stepUp, this.#now());
    if (!fresh.ok) return fresh;
    return this.#change((draft) => extendGrants(draft, request, expires));
  }

  /** Leave less of an access. Fails: as `narrowGrants`. */
  narrow(request: RequestHandle, choice: Narrowing): Promise<Result<void, DecisionError>> {
    return this.#change((draft) => narrowGrants(draft, request, choice));
  }

  /** End an access: one step, as granting is. Fails: as `revokeGrants`. */
  revoke(request: RequestHandle): Promise<Result<void, DecisionError>> {
    return this.#change((draft) => revokeGrants(draft, request));
  }

  /**
   * End what was granted to keys whose certificates were suspended, whatever else was said of them
   * since. Gives: how many accesses.
   */
  async revokeSuspended(): Promise<Result<number, DecisionError>> {
    const { registry } = this.#options;
    const isSuspended = (key: VerifyKey, since: number): boolean =>
      registry.byKey(key)?.standing === "suspended" || registry.wasSuspended(key, since);
    const { length: ended } = this.given().filter(
      ({ status, grantees, notBefore }) =>
        status !== "revoked" && grantees.some((key) => isSuspended(key, notBefore)),
    );
    if (ended === 0) return ok(0);
    const revoked = await this.#change((draft) =>
      endAccesses(draft, ({ grantee, notBefore }) => isSuspended(grantee, notBefore)),
    );
    return revoked.ok ? ok(ended) : revoked;
  }

  /**
   * Whom she lets read, and for how long.
   *
   * Takes:   `lastUse`, by hexadecimal of request or grant, from the trail.
   */
  given(lastUse: ReadonlyMap<string, number> = new Map()): readonly GivenAccess[] {
    return givenAccesses(this.#options.patient.grants(), this.#now(), lastUse);
  }

  #change(
    build: (draft: VaultDraft) => Promise<Result<void, DecisionError>>,
  ): Promise<Result<void, DecisionError>> {
    return this.#options.patient.change<void, DecisionError>(build);
  }

  async #judge(
    { signed }: OpenedRequest,
    stepUp: StepUp,
    note: string,
  ): Promise<Result<OpenedRequest, DecisionError | OpenRequestError>> {
    // What cannot be answered must not be granted.
    if (utf8(note).length > NOTE_BYTES_MAX) return fail({ kind: "note-too-long" });
    const fresh = checkStepUp(stepUp, this.#now());
    return fresh.ok ? this.open(signed) : fresh;
  }

  async #isAnswered({ request, digest }: OpenedRequest): Promise<Result<boolean, StoreDamaged>> {
    const { patient, store } = this.#options;
    if (named(patient.chain.approvals, request.request) !== undefined) return ok(true);
    const stored = await store.read(nameOf(digest));
    return stored.ok ? ok(stored.value !== undefined) : stored;
  }

  async #answer(
    { digest, request: { request, to: asked, reply: to } }: OpenedRequest,
    grants: readonly GrantHandle[] | undefined,
    note: string,
  ): Promise<Letter> {
    const { patient, store } = this.#options;
    const { vault } = patient;
    // The requester believes the key that she was given for this mailbox, and no other.
    const from = this.#mailboxes().find(({ mailbox }) => equalBytes(mailbox.id, asked));
    assert(from !== undefined, "a request that was opened came to a mailbox of hers");
    const decision =
      grants === undefined
        ? ({ decision: "denied" } as const)
        : ({ decision: "approved", vault, grants } as const);
    const statement = signAnswer(from.signer, request, decision, note, this.#now());
    await store.write(nameOf(digest), statement);
    return { to, kind: "answer", statement };
  }

  #context(): Parameters<typeof openRequest>[1] {
    const { policy, statuses } = this.#options.registry;
    const mailboxes = this.#mailboxes().map(({ mailbox }) => mailbox.id);
    return { mailboxes, policy, statuses, now: this.#now() };
  }

  #mailboxes(): readonly MailboxKeys[] {
    const { mailbox, older = [] } = this.#options;
    return [mailbox, ...older];
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }
}

/** By the request as it was signed: others may ask under the same name. */
function nameOf(digest: Digest): string {
  return `answered/${toHex(digest)}`;
}
