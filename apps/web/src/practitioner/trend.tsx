import { useFormat, useText } from "../text/text.tsx";
import type { ResultRow } from "./result-table.ts";

const WIDTH = 96;
const HEIGHT = 28;
const EDGE = 4;

/** How a value has gone, as a line of a few letters' width; the numbers stand beside it in the table. */
export function Trend({ name, of }: { readonly name: string; readonly of: ResultRow["trend"] }) {
  const { chart } = useText().practitioner;
  const format = useFormat();
  if (of.length < 2) return null;
  const points = placed(of);
  const last = points.at(-1);
  const values = of.map(({ number }) => format.number(number)).join(", ");
  return (
    <svg
      className="salus-trend"
      role="img"
      aria-label={chart.trendOf(name, values)}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
    >
      <polyline points={points.map(({ x, y }) => `${x},${y}`).join(" ")} />
      {last && <circle cx={last.x} cy={last.y} r="2.5" />}
    </svg>
  );
}

function placed(of: ResultRow["trend"]): readonly { readonly x: number; readonly y: number }[] {
  const times = of.map(({ time }) => time);
  const numbers = of.map(({ number }) => number);
  const scale = (all: readonly number[], size: number) => {
    const [low, high] = [Math.min(...all), Math.max(...all)];
    const span = size - 2 * EDGE;
    // What never changes is a line through the middle.
    return (one: number): number =>
      EDGE + (high === low ? span / 2 : ((one - low) / (high - low)) * span);
  };
  const [across, up] = [scale(times, WIDTH), scale(numbers, HEIGHT)];
  const rounded = (value: number): number => Math.round(value * 10) / 10;
  return of.map(({ time, number }) => ({
    x: rounded(across(time)),
    y: rounded(HEIGHT - up(number)),
  }));
}
