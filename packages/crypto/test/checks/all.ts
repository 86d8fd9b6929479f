import { accountChecks } from "./account.ts";
import { approvalChecks } from "./approval.ts";
import { batchChecks } from "./batch.ts";
import { chainChecks } from "./chain.ts";
import type { Check } from "./check.ts";
import { discoveryChecks } from "./discovery.ts";
import { envelopeChecks } from "./envelope.ts";
import { keyChecks } from "./keys.ts";
import { orderedChecks } from "./ordered.ts";
import { providerChecks } from "./provider.ts";
import { requestChecks } from "./requests.ts";
import { sealedChecks } from "./sealed.ts";
import { sharingChecks } from "./sharing.ts";
import { statementChecks } from "./statements.ts";
import { tagChecks } from "./tags.ts";
import { trailChecks } from "./trail.ts";

/** The checks of every format of this package: Node's tests and the browser's worker run this list. */
export const formats: readonly (readonly [format: string, checks: readonly Check[]])[] = [
  ["keys", keyChecks],
  ["ordered index", orderedChecks],
  ["sealed index", sealedChecks],
  ["tags", tagChecks],
  ["statements", statementChecks],
  ["chain", chainChecks],
  ["approval", approvalChecks],
  ["provider", providerChecks],
  ["requests", requestChecks],
  ["account", accountChecks],
  ["discovery", discoveryChecks],
  ["envelope", envelopeChecks],
  ["sharing", sharingChecks],
  ["batch", batchChecks],
  ["trail", trailChecks],
];
