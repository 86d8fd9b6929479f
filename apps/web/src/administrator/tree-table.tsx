import { Building2, KeyRound, Network, Stethoscope } from "lucide-react";
import type { NodeView, TreeView } from "../device/organisation/tree.ts";
import { type Column, Table } from "../parts/table.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { StandingBadge } from "./standing-badge.tsx";

const ICONS = { organisation: Building2, department: Network, physician: Stethoscope };
const DEPTH_MAX = 4;

/** Everybody of an organisation, each below whom she is part of, and how her key stands. */
export function TreeTable({
  of,
  more = [],
}: {
  readonly of: TreeView;
  /** Columns of a screen that does something with them. */
  readonly more?: readonly Column<NodeView>[];
}) {
  const { organisation } = useText().administrator;
  const format = useFormat();
  const day = (time: number) => (
    <span className="salus-whole">{format.date(new Date(time).toISOString())}</span>
  );
  const columns: readonly Column<NodeView>[] = [
    { head: organisation.who, cell: (node) => <Name of={node} /> },
    { head: organisation.standing, cell: ({ stands }) => <StandingBadge of={stands} /> },
    {
      head: organisation.until,
      cell: ({ until }) => (until === undefined ? "–" : day(until)),
    },
    {
      head: organisation.attested,
      cell: ({ role, attestedUntil }) => {
        if (role !== "physician") return "–";
        return attestedUntil === undefined ? organisation.nobody : day(attestedUntil);
      },
    },
    ...more,
  ];
  return (
    <Table
      caption={organisation.people(of.name)}
      columns={columns}
      items={of.nodes}
      keyOf={({ node, role }) => `${role} ${node}`}
    />
  );
}

function Name({ of }: { readonly of: NodeView }) {
  const { organisation } = useText().administrator;
  const Icon = ICONS[of.role];
  const details = [organisation.roles[of.role], of.node];
  if (of.devices > 0) details.push(organisation.devices(of.devices));
  return (
    <div className="salus-node" data-depth={Math.min(of.depth, DEPTH_MAX)}>
      <Icon size={18} aria-hidden="true" />
      <div>
        <strong>
          <bdi>{of.name}</bdi>
        </strong>
        {of.kept && (
          <span className="salus-node-kept" title={organisation.kept}>
            <KeyRound size={14} aria-hidden="true" />
            <span className="salus-unseen">{organisation.kept}</span>
          </span>
        )}
        <div className="salus-row-detail">
          <bdi>{details.join(" · ")}</bdi>
        </div>
      </div>
    </div>
  );
}
