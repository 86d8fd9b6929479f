import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { ROOT } from "./sources.ts";

/**
 * What takes longest, and so begins first: whatever begins last is waited for with a core idle.
 * Measured on two cores; a file that is not named here takes less than these.
 */
const LONGEST: readonly string[] = [
  "test/exact.test.ts",
  "test/durability/mutations.test.ts",
  "test/web/flow.test.ts",
  "test/durability/crash.test.ts",
  "test/web/pages.test.ts",
  "test/cli/flow.test.ts",
  "test/web/account.test.ts",
  "test/cli/demo.test.ts",
  "test/attacks/sms.test.ts",
  "apps/cloud/test/process.test.ts",
  "test/canary/canary.test.ts",
  "test/gateway/search-rules.test.ts",
  "test/cli/accounts.test.ts",
  "packages/service/test/embedded.test.ts",
  "test/web/deciding.test.ts",
  "tools/vectors.test.ts",
  "test/cli/interruption.test.ts",
  "test/gateway/us-core.test.ts",
  "test/client/writing.test.ts",
  "apps/cloud/test/plans.test.ts",
  "test/attacks/keys.test.ts",
  "test/client/lying.test.ts",
  "test/web/administrator.test.ts",
  "test/accounts/loss.test.ts",
  "test/client/sharing.test.ts",
  "test/accounts/flow.test.ts",
  "test/attacks/sign-in.test.ts",
  "test/cli/outbox.test.ts",
  "test/memory/memory.test.ts",
  "test/many-sources.test.ts",
  "test/browser/homes.test.ts",
  "test/client/searching.test.ts",
  "test/durability/interleavings.test.ts",
  "test/attacks/log.test.ts",
  "test/attacks/grants.test.ts",
  "test/gateway/clients.test.ts",
];

/** The longest files, then the other tests of the system, then the quick ones, which fill the gaps. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification): number => {
      const path = relative(ROOT, moduleId);
      const at = LONGEST.indexOf(path);
      if (at !== -1) return at;
      return /^(?:apps|test|packages\/service)\//.test(path) ? LONGEST.length : LONGEST.length + 1;
    };
    return others.toSorted((a, b) => rank(a) - rank(b));
  }
}
