import { useEffect, useState } from "react";

const BORDER = 3;
/** A longer text makes so fine a code that it is better without spare marks, and larger. */
const LONG = 300;

/** A text as a code to be scanned. What it says stands beside it, for those who cannot scan it. */
export function QrCode({
  of,
  label,
  ecc = "medium",
}: {
  readonly of: string;
  readonly label: string;
  /** `low` for what is long: its dots are larger, and a screen has no scratches. */
  readonly ecc?: "low" | "medium";
}) {
  const isLong = of.length > LONG;
  const [rows, setRows] = useState<readonly (readonly boolean[])[]>([]);
  useEffect(() => {
    let current = true;
    void import("qr").then(({ encodeQR }) => {
      if (current) setRows(encodeQR(of, "raw", { border: BORDER, ecc }));
    });
    return () => {
      current = false;
    };
  }, [of, ecc]);
  const size = Math.max(rows.length, 1);
  return (
    <svg
      className="salus-qr"
      data-long={isLong || undefined}
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
    >
      <path d={rows.map(lineOf).join("")} shapeRendering="crispEdges" />
    </svg>
  );
}

/** The dark places of one row, each stretch as one rectangle. */
function lineOf(row: readonly boolean[], y: number): string {
  let path = "";
  for (let from = 0; from < row.length; from += 1) {
    if (row[from] !== true) continue;
    let to = from;
    while (row[to] === true) to += 1;
    path += `M${from} ${y}h${to - from}v1h${from - to}z`;
    from = to;
  }
  return path;
}
