import { useEffect, useRef } from "react";
import uPlot from "uplot";
import type { SeriesView } from "../device/record/views.ts";
import { useFormat, useSpoken, useText } from "../text/text.tsx";

const HEIGHT = 280;

/** Values over time, with the band of what is usual. What it shows is said in words beside it. */
export default function Chart({
  of,
  described,
}: {
  readonly of: SeriesView;
  readonly described: string;
}) {
  const { record } = useText();
  const { language } = useSpoken();
  const format = useFormat();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const plot = new uPlot(optionsOf(of, element, language, format.number), dataOf(of), element);
    const watch = new ResizeObserver(() =>
      plot.setSize({ width: element.clientWidth, height: HEIGHT }),
    );
    watch.observe(element);
    // The colours of a canvas do not follow the style sheet by themselves.
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    const redraw = (): void => plot.redraw();
    scheme.addEventListener("change", redraw);
    return () => {
      watch.disconnect();
      scheme.removeEventListener("change", redraw);
      plot.destroy();
    };
  }, [of, language, format]);
  return (
    <figure className="salus-chart">
      <div ref={place} className="salus-chart-plot" role="img" aria-label={described} />
      <figcaption>
        {(of.low !== undefined || of.high !== undefined) && <span>{record.result.legend}</span>}{" "}
        {record.result.zoom}
      </figcaption>
    </figure>
  );
}

function dataOf({ points }: SeriesView): uPlot.AlignedData {
  // Two sources may have measured at the same moment: the canvas wants times that ascend.
  const times: number[] = [];
  for (const { time } of points) {
    const seconds = time / 1000;
    const last = times.at(-1) ?? Number.NEGATIVE_INFINITY;
    times.push(seconds > last ? seconds : last + 1);
  }
  return [times, points.map(({ value }) => value)];
}

function optionsOf(
  { low, high, points, unit }: SeriesView,
  element: HTMLElement,
  language: string,
  number: (value: number) => string,
): uPlot.Options {
  const colour = (name: string) => (): string =>
    getComputedStyle(element).getPropertyValue(`--chart-${name}`) || "currentColor";
  const font = `14px ${getComputedStyle(element).fontFamily}`;
  const axis = {
    stroke: colour("ink"),
    font,
    grid: { stroke: colour("grid"), width: 1 },
    ticks: { show: false },
  };
  const years = new Intl.DateTimeFormat(language, { year: "numeric" });
  const months = new Intl.DateTimeFormat(language, { month: "short", year: "2-digit" });
  const days = new Intl.DateTimeFormat(language, { day: "numeric", month: "short" });
  const dayOf = (seconds: number, step: number): string =>
    (step > YEAR_S * 0.9 ? years : step > MONTH_S * 0.9 ? months : days).format(seconds * 1000);
  const [least, most] = spanOf(
    points.map(({ value }) => value),
    low,
    high,
  );
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { drag: { x: true, y: false }, points: { size: 9 } },
    scales: { x: { time: true }, y: { range: [least, most] } },
    axes: [
      {
        ...axis,
        space: 72,
        size: 36,
        values: (_plot, splits, _at, _space, step) => splits.map((split) => dayOf(split, step)),
      },
      { ...axis, size: 64, values: (_plot, splits) => splits.map((split) => number(split)) },
    ],
    series: [
      {},
      {
        label: unit,
        stroke: colour("line"),
        width: 2,
        points: { show: true, size: 7, fill: colour("line"), stroke: colour("line") },
      },
    ],
    hooks: { drawClear: [(plot) => drawBand(plot, low, high, colour("band")())] },
  };
}

const YEAR_S = 31_557_600;
const MONTH_S = 2_629_800;

/** What is seen of the numbers: all of them and the usual range, with room above and below. */
function spanOf(
  values: readonly number[],
  low: number | undefined,
  high: number | undefined,
): readonly [number, number] {
  const all = [
    ...values,
    ...(low === undefined ? [] : [low]),
    ...(high === undefined ? [] : [high]),
  ];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const room = (most - least || Math.abs(most) || 1) * 0.12;
  return [least >= 0 ? Math.max(0, least - room) : least - room, most + room];
}

function drawBand(
  plot: uPlot,
  low: number | undefined,
  high: number | undefined,
  colour: string,
): void {
  if (low === undefined && high === undefined) return;
  const { ctx, bbox } = plot;
  const at = (value: number): number => plot.valToPos(value, "y", true);
  const top = Math.max(high === undefined ? bbox.top : at(high), bbox.top);
  const bottom = Math.min(
    low === undefined ? bbox.top + bbox.height : at(low),
    bbox.top + bbox.height,
  );
  ctx.save();
  ctx.fillStyle = colour;
  ctx.fillRect(bbox.left, top, bbox.width, Math.max(0, bottom - top));
  ctx.restore();
}
