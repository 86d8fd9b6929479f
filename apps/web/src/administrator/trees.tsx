import { Building2 } from "lucide-react";
import type { ReactNode } from "react";
import type { TreeView } from "../device/organisation/tree.ts";
import { device } from "../page/call.ts";
import { type Asked, useAsk } from "../page/use-ask.ts";
import { Actions, ButtonLink } from "../parts/button.tsx";
import { Card } from "../parts/page.tsx";
import { Failure, Waiting } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";

/** The organisations that are kept here, with everybody in them. */
export function useTrees(): Asked<readonly TreeView[]> {
  return useAsk(() => device().organisation.tree(), []);
}

/** What needs the trees, once they are there; before there is an organisation, how to found one. */
export function WithTrees({
  of,
  children,
}: {
  readonly of: Asked<readonly TreeView[]>;
  readonly children: (trees: readonly TreeView[], again: () => void) => ReactNode;
}) {
  const { administrator } = useText();
  if (of.state === "loading") return <Waiting for={administrator.waiting} lines={6} />;
  if (of.state === "failed") return <Failure of={of.problem} onAgain={of.again} />;
  if (of.view.length > 0) return children(of.view, of.again);
  const { title, lead, go } = administrator.first;
  return (
    <Card label={title}>
      <h2>{title}</h2>
      <p>{lead}</p>
      <Actions>
        <ButtonLink kind="main" to="/organisation">
          <Building2 size={20} aria-hidden="true" />
          {go}
        </ButtonLink>
      </Actions>
    </Card>
  );
}

/** Organisations and departments whose keys are here and certified: who can invite. */
export function inviters(trees: readonly TreeView[]): readonly { value: string; label: string }[] {
  return trees.flatMap(({ nodes }) =>
    nodes
      .filter(({ kept, stands }) => kept && stands === "good")
      .map(({ node, name }) => ({ value: node, label: name })),
  );
}

/** Organisations that are certified: whom patients let in. */
export function certifiedOnes(
  trees: readonly TreeView[],
): readonly { value: string; label: string }[] {
  return trees
    .filter(({ node, nodes }) => nodes.some((one) => one.node === node && one.stands === "good"))
    .map(({ node, name }) => ({ value: node, label: name }));
}
