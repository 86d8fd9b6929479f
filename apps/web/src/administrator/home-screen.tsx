import { CircleCheck } from "lucide-react";
import type { ReactNode } from "react";
import type { InvitedView } from "../device/organisation/staff.ts";
import type { TreeView } from "../device/organisation/tree.ts";
import type { UploadView } from "../device/organisation/uploads/uploads.ts";
import { device } from "../page/call.ts";
import { useAsk } from "../page/use-ask.ts";
import { Card, Page, Section } from "../parts/page.tsx";
import { Row, Rows } from "../parts/rows.tsx";
import { Failure, Waiting } from "../parts/states.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { type Need, needsOf } from "./needs.ts";
import { TreeTable } from "./tree-table.tsx";
import { useTrees, WithTrees } from "./trees.tsx";
import { UploadRow } from "./upload-row.tsx";

const UPLOADS_SHOWN = 3;

/** Where an administrator begins: what needs her, the newest uploads, and how every key stands. */
export default function AdministratorHome() {
  const { home } = useText().administrator;
  const trees = useTrees();
  return (
    <Page title={home.title} wide>
      <WithTrees of={trees}>{(all) => <Begun of={all} />}</WithTrees>
    </Page>
  );
}

function Begun({ of }: { readonly of: readonly TreeView[] }) {
  const { home } = useText().administrator;
  const invited = useAsk(() => device().organisation.invited(), []);
  const uploads = useAsk(() => device().organisation.uploads.list(), []);
  if (invited.state === "loading" || uploads.state === "loading") {
    return <Waiting for={home.title} lines={5} />;
  }
  if (invited.state === "failed") return <Failure of={invited.problem} onAgain={invited.again} />;
  if (uploads.state === "failed") return <Failure of={uploads.problem} onAgain={uploads.again} />;
  return (
    <>
      <Needs trees={of} invited={invited.view} uploads={uploads.view} />
      {uploads.view.length > 0 && (
        <Section title={home.uploads}>
          <Rows label={home.uploads}>
            {uploads.view.slice(0, UPLOADS_SHOWN).map((upload) => (
              <UploadRow key={upload.id} of={upload} />
            ))}
          </Rows>
        </Section>
      )}
      <Section title={home.keys}>
        <p className="salus-soft">{home.keysLead}</p>
        {of.map((tree) => (
          <TreeTable key={tree.node} of={tree} />
        ))}
      </Section>
    </>
  );
}

function Needs({
  trees,
  invited,
  uploads,
}: {
  readonly trees: readonly TreeView[];
  readonly invited: readonly InvitedView[];
  readonly uploads: readonly UploadView[];
}) {
  const { home } = useText().administrator;
  const needs = needsOf(trees, invited, uploads, Date.now());
  if (needs.length === 0) {
    return (
      <Card>
        <p className="salus-with-icon" data-tone="good">
          <CircleCheck size={20} aria-hidden="true" />
          <strong>{home.calm}</strong>
        </p>
        <p className="salus-soft">{home.calmMore}</p>
      </Card>
    );
  }
  return (
    <Rows label={home.title}>
      {needs.map((need) => (
        <NeedRow key={`${need.kind} ${"node" in need ? need.node.node : ""}`} of={need} />
      ))}
    </Rows>
  );
}

function NeedRow({ of }: { readonly of: Need }) {
  const { home } = useText().administrator;
  const { title, detail } = useSaid(of);
  return (
    <Row
      to={of.to}
      title={title}
      {...(detail !== undefined && { detail })}
      end={<span className="salus-soft">{home.look}</span>}
    />
  );
}

function useSaid(need: Need): { readonly title: string; readonly detail?: ReactNode } {
  const { home } = useText().administrator;
  const format = useFormat();
  switch (need.kind) {
    case "failed":
      return { title: home.failed(need.count) };
    case "refused": {
      const names = need.upload.files.map(({ name }) => name);
      return {
        title: home.refused(format.number(need.upload.refused)),
        detail: <bdi>{format.list(names)}</bdi>,
      };
    }
    case "invitations":
      return {
        title: home.invitations(need.of.length),
        detail: <bdi>{format.list(need.of.map(({ name }) => name))}</bdi>,
      };
    case "ends":
      return { title: home.ends(need.node.name, format.relative(need.node.until ?? 0)) };
    case "unattested":
      return { title: home.unattested(need.node.name), detail: home.unattestedMore };
    default:
      return { title: home[need.kind](need.node.name) };
  }
}
