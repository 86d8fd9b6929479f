import { ok, type Result } from "@salus/base";
import { listHomes } from "@salus/client/browser/homes";
import type { Problem } from "./problem.ts";
import type { KeptHome } from "./who.ts";

/** The homes of this browser, the last used first: all that is said before anybody unlocks one. */
export async function kept(): Promise<Result<readonly KeptHome[], Problem>> {
  const listed = await listHomes();
  return ok(listed.map(({ id, label, passkeys }) => ({ id, label, passkey: passkeys.length > 0 })));
}
