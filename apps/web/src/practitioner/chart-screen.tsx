import { useParams } from "wouter";
import type { ChartHead } from "../device/practice/chart.ts";
import type { SectionName } from "../device/practice/sections.ts";
import { device } from "../page/call.ts";
import { useAsk } from "../page/use-ask.ts";
import { ButtonLink } from "../parts/button.tsx";
import { Page } from "../parts/page.tsx";
import { Failure, Hidden, Waiting } from "../parts/states.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { ChartBanner } from "./chart-banner.tsx";
import { ChartParts } from "./chart-parts.tsx";
import { ChartSection } from "./chart-section.tsx";
import { ChartSummary } from "./chart-summary.tsx";
import { nameText } from "./patient-name.tsx";
import { QuestionBox } from "./question-box.tsx";
import { ResultGrid } from "./result-grid.tsx";
import { useLook } from "./use-look.ts";
import { WriteForm } from "./write-form.tsx";

/** Parts of a chart that are lists; the others have screens of their own. */
const LISTS: readonly SectionName[] = [
  "allergies",
  "problems",
  "medications",
  "documents",
  "visits",
  "procedures",
  "vaccinations",
];

/** One patient's chart: what is dangerous and what may be read always in sight. */
export default function ChartScreen() {
  const { vault = "", part = "summary" } = useParams<{
    readonly vault: string;
    readonly part?: string;
  }>();
  const text = useText();
  const { chart } = text.practitioner;
  const head = useAsk(() => device().practice.head(vault), [vault]);
  const name = head.state === "ready" ? nameText(head.view, text) : chart.chart;
  return (
    <Page title={name} wide back={{ to: "/patients", label: chart.back }}>
      {head.state === "loading" && <Waiting for={chart.chart} lines={8} />}
      {head.state === "failed" && <Failure of={head.problem} onAgain={head.again} />}
      {head.state === "ready" && <Chart key={vault} head={head.view} part={part} />}
    </Page>
  );
}

function Chart({ head: opened, part }: { readonly head: ChartHead; readonly part: string }) {
  const { chart } = useText().practitioner;
  const { vault } = opened;
  // What may be read can end while the chart is open, and then nothing of it stays on the screen.
  const now = useAsk(() => device().practice.scope(vault), [vault]);
  useLook(now.state === "loading" ? undefined : now.again, part);
  const head = now.state === "ready" ? { ...opened, scope: now.view } : opened;
  const { status } = head.scope;
  if (status !== "live") {
    const revoked = status === "revoked";
    return (
      <Hidden title={revoked ? chart.revoked : chart.ended}>
        <p>{revoked ? chart.revokedLead : chart.endedLead}</p>
        <ButtonLink to="/find">{chart.askAgain}</ButtonLink>
      </Hidden>
    );
  }
  return (
    <>
      <Person head={head} />
      <ChartBanner head={head} />
      <ChartParts vault={head.vault} part={part} />
      <Part head={head} part={part} />
    </>
  );
}

function Part({ head, part }: { readonly head: ChartHead; readonly part: string }) {
  const { vault } = head;
  const list = LISTS.find((one) => one === part);
  if (list !== undefined) return <ChartSection key={part} vault={vault} name={list} />;
  if (part === "labs" || part === "vitals")
    return <ResultGrid key={part} vault={vault} name={part} />;
  if (part === "write") return <WriteForm head={head} />;
  if (part === "search") return <QuestionBox vault={vault} />;
  return <ChartSummary vault={vault} />;
}

function Person({ head: { birthDate, sex } }: { readonly head: ChartHead }) {
  const { practitioner } = useText();
  const format = useFormat();
  const words = [
    birthDate && practitioner.born(format.date(birthDate)),
    sex && (practitioner.sexes[sex] ?? sex),
  ].filter(Boolean);
  return words.length === 0 ? null : <p className="salus-chart-person">{words.join(" · ")}</p>;
}
