import { Link } from "wouter";
import { useText } from "../text/text.tsx";

const PARTS = [
  "summary",
  "problems",
  "medications",
  "labs",
  "vitals",
  "documents",
  "visits",
  "procedures",
  "vaccinations",
  "allergies",
  "search",
  "write",
] as const;

/** The parts of a chart, each with an address that says nothing of what is in it. */
export function ChartParts({ vault, part }: { readonly vault: string; readonly part: string }) {
  const { chart } = useText().practitioner;
  return (
    <nav aria-label={chart.chart} className="salus-chips salus-no-print">
      {PARTS.map((name) => (
        <Link
          key={name}
          href={`/patients/${vault}${name === "summary" ? "" : `/${name}`}`}
          className="salus-chip"
          aria-current={part === name ? "page" : undefined}
        >
          {chart.sections[name]}
        </Link>
      ))}
    </nav>
  );
}
