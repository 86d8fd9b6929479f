import { type Bytes, ok, type Result } from "@salus/base";
import type { JoinInvitation } from "@salus/protocol";
import type { Cloud } from "../cloud/port.ts";
import type { Directory } from "../directory/port.ts";
import { collectParcels, type OpenedParcel } from "../discovery/parcels.ts";
import type { CloudError } from "../failure.ts";
import type { Identity } from "../identity.ts";
import type { StoreDamaged } from "../key-store.ts";
import { publishCertificates } from "../registry/certify.ts";
import type {
  AcceptAssociationError,
  AssociatedPatient,
  AssociationDesk,
  OpenAssociation,
} from "./association.ts";
import { invitationMailbox } from "./invitation.ts";
import type { JoinDesk, JoiningError } from "./joining.ts";

/** What came in answer to invitations to join: the invitation stays good where it does not hold. */
export type Joined =
  | { readonly kind: "joined"; readonly who: JoinInvitation; readonly certificate: Bytes }
  | { readonly kind: "refused"; readonly name: string; readonly why: JoiningError["kind"] };

/** What came in answer to invitations to associate. */
export type AssociatedNow =
  | { readonly kind: "associated"; readonly patient: AssociatedPatient }
  | {
      readonly kind: "refused";
      readonly name: string;
      readonly why: AcceptAssociationError["kind"];
    };

type CollectError = CloudError | StoreDamaged;

/**
 * Certify who has answered, and publish that, before the answer is forgotten.
 *
 * Leaks:   to the directory: that whoever knows the invitations' secrets has looked.
 * Fails:   any `CloudError`, `store-damaged`. What was done before stays done.
 */
export async function collectJoinings(
  { cloud, directory }: { readonly cloud: Cloud; readonly directory: Directory },
  issuer: Identity,
  desk: JoinDesk,
): Promise<Result<readonly Joined[], CollectError>> {
  const open = await desk.open();
  if (!open.ok) return open;
  const collected: Joined[] = [];
  for (const { invitation: who } of open.value) {
    const take = async ({ statement }: OpenedParcel): Promise<Result<Joined, CollectError>> => {
      const admitted = await desk.admit(statement);
      if (!admitted.ok) return ok({ kind: "refused", name: who.name, why: admitted.error.kind });
      const { certificate, invitation } = admitted.value;
      const published = await publishCertificates(cloud, issuer, [certificate]);
      if (!published.ok) return published;
      await desk.spend(invitation);
      return ok({ kind: "joined", who, certificate });
    };
    const took = await answersTo(directory, who.secret, "joining", take);
    if (!took.ok) return took;
    collected.push(...took.value);
  }
  return ok(collected);
}

/** Learn whose vault is whose. Fails: any `CloudError`, `store-damaged`. */
export async function collectAssociations(
  directory: Directory,
  desk: AssociationDesk,
): Promise<Result<readonly AssociatedNow[], CollectError>> {
  const open = await desk.open();
  if (!open.ok) return open;
  const collected: AssociatedNow[] = [];
  for (const one of open.value) {
    const took = await answersTo(directory, one.invitation.secret, "association", (parcel) =>
      acceptOne(desk, one, parcel),
    );
    if (!took.ok) return took;
    collected.push(...took.value);
  }
  return ok(collected);
}

async function acceptOne(
  desk: AssociationDesk,
  { label: name }: OpenAssociation,
  { statement }: OpenedParcel,
): Promise<Result<AssociatedNow, CollectError>> {
  const accepted = await desk.accept(statement);
  if (accepted.ok) return ok({ kind: "associated", patient: accepted.value });
  return ok({ kind: "refused", name, why: accepted.error.kind });
}

/** Deal with every answer to an invitation, and let the directory forget it. */
async function answersTo<Taken>(
  directory: Directory,
  secret: Bytes,
  kind: OpenedParcel["kind"],
  take: (parcel: OpenedParcel) => Promise<Result<Taken, CollectError>>,
): Promise<Result<readonly Taken[], CollectError>> {
  const keys = invitationMailbox(secret);
  const collected: Taken[] = [];
  for (let after = 0; ; ) {
    const page = await collectParcels(directory, keys, { after });
    if (!page.ok) return page;
    const { items, more } = page.value;
    for (const item of items) {
      if (item.type !== "parcel" || item.kind !== kind) continue;
      const took = await take(item);
      if (!took.ok) return took;
      collected.push(took.value);
    }
    const done = items.map(({ number }) => number);
    const last = done.at(-1);
    if (last === undefined) return ok(collected);
    const forgotten = await collectParcels(directory, keys, { after: last, done });
    if (!forgotten.ok) return forgotten;
    if (!more) return ok(collected);
    after = last;
  }
}
