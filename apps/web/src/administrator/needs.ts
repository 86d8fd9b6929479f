import type { InvitedView } from "../device/organisation/staff.ts";
import type { NodeView, TreeView } from "../device/organisation/tree.ts";
import type { UploadView } from "../device/organisation/uploads/uploads.ts";

/** Something that an administrator should look at, and where. */
export type Need =
  | {
      readonly kind: "uncertified" | "suspended" | "ends" | "unattested";
      readonly node: NodeView;
      readonly to: string;
    }
  | { readonly kind: "failed"; readonly count: number; readonly to: string }
  | { readonly kind: "refused"; readonly upload: UploadView; readonly to: string }
  | { readonly kind: "invitations"; readonly of: readonly InvitedView[]; readonly to: string };

/** A certificate that ends within this time is renewed now. */
const SOON_MS = 60 * 86_400_000;

/** What needs somebody now, the most urgent first. */
export function needsOf(
  trees: readonly TreeView[],
  invited: readonly InvitedView[],
  uploads: readonly UploadView[],
  now: number,
): readonly Need[] {
  const nodes = trees.flatMap((tree) => tree.nodes);
  const of = (kind: "uncertified" | "suspended" | "ends" | "unattested", to: string): Need[] =>
    nodes.filter((node) => needs(node, kind, now)).map((node) => ({ kind, node, to }));
  const failed = uploads.filter(({ state }) => state === "failed" || state === "interrupted");
  return [
    ...of("uncertified", "/organisation"),
    ...(failed.length > 0
      ? [{ kind: "failed", count: failed.length, to: "/uploads" } as const]
      : []),
    ...uploads
      .slice(0, 1)
      .filter(({ state, refused }) => state === "done" && refused > 0)
      .map((upload) => ({ kind: "refused", upload, to: "/uploads" }) as const),
    ...of("suspended", "/staff"),
    ...of("ends", "/organisation"),
    ...of("unattested", "/organisation"),
    ...(invited.length > 0 ? [{ kind: "invitations", of: invited, to: "/staff" } as const] : []),
  ];
}

function needs(
  { stands, until, role, attestedUntil }: NodeView,
  kind: "uncertified" | "suspended" | "ends" | "unattested",
  now: number,
): boolean {
  switch (kind) {
    case "uncertified":
      return stands === "uncertified";
    case "suspended":
      return stands === "suspended";
    case "ends":
      return stands === "good" && until !== undefined && until - now < SOON_MS;
    case "unattested":
      return stands === "good" && role === "physician" && attestedUntil === undefined;
  }
}
