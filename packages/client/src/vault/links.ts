import { type Bytes, fail, ok, type Result } from "@salus/base";
import type { ChainPage } from "@salus/protocol";
import type { CloudError } from "../failure.ts";

/**
 * All links of a chain from one number on, a page at a time.
 *
 * Fails:   any `CloudError`; `links-missing`: a service that promises more and gives nothing has lost
 *          some, and must not keep us here.
 */
export async function fetchLinks(
  page: (from: number) => Promise<Result<ChainPage, CloudError>>,
  from: number,
): Promise<Result<readonly Bytes[], CloudError | { readonly kind: "links-missing" }>> {
  const links: Bytes[] = [];
  for (let more = true; more; ) {
    const next = await page(from + links.length);
    if (!next.ok) return next;
    links.push(...next.value.links);
    more = next.value.more;
    if (more && next.value.links.length === 0) return fail({ kind: "links-missing" });
  }
  return ok(links);
}
