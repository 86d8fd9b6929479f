import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** What is counted: requests by route, never by vault, key or source. */
export interface Metrics {
  readonly registry: Registry;
  readonly requests: Histogram<"method" | "route" | "status">;
  readonly problems: Counter<"kind">;
  readonly received: Counter;
  readonly sent: Counter;
}

const SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];

/** Begin to count. Takes: `gauges`, what is read when somebody asks. */
export function openMetrics(gauges: Readonly<Record<string, () => number>>): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  for (const [name, read] of Object.entries(gauges)) {
    const gauge: Gauge = new Gauge({
      name: `salus_${name}`,
      help: name.replaceAll("_", " "),
      registers,
      collect: () => gauge.set(read()),
    });
  }
  return {
    registry,
    requests: new Histogram({
      name: "salus_request_seconds",
      help: "requests by route pattern",
      labelNames: ["method", "route", "status"],
      buckets: SECONDS,
      registers,
    }),
    problems: new Counter({
      name: "salus_problems_total",
      help: "errors answered, by kind",
      labelNames: ["kind"],
      registers,
    }),
    received: new Counter({ name: "salus_received_bytes", help: "of request bodies", registers }),
    sent: new Counter({ name: "salus_sent_bytes", help: "of answers", registers }),
  };
}
