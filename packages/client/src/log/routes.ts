import { checkpointAnswerSchema, leavesPageSchema, logProofSchema } from "@salus/protocol";
import type { Link, ServiceInfo } from "../http/link.ts";
import type { LogPort } from "./port.ts";

/** The log of a service, over HTTP: everybody may ask. */
export function logRoutes<Info extends ServiceInfo>(link: Link<Info>): LogPort {
  const at = "/v1/log";
  const method = "GET";
  return {
    checkpoint: () =>
      link.call({
        ...{ method, path: `${at}/checkpoint` },
        ...{ answer: checkpointAnswerSchema, what: "checkpoint" },
      }),
    consistency: (from, to) =>
      link.call({
        ...{ method, path: `${at}/consistency?from=${from}&to=${to}` },
        ...{ answer: logProofSchema, what: "proof" },
      }),
    inclusion: (index, size) =>
      link.call({
        ...{ method, path: `${at}/inclusion?index=${index}&size=${size}` },
        ...{ answer: logProofSchema, what: "proof" },
      }),
    leaves: (from) =>
      link.call({
        ...{ method, path: `${at}/leaves?from=${from}` },
        ...{ answer: leavesPageSchema, what: "leaves" },
      }),
  };
}
