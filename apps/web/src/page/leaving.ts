/**
 * Have the browser throw away what it kept of this site.
 *
 * Takes:   `signed-out`, what it kept of answers; `forgotten`, everything: every home of this browser, the installed
 *          application, and its settings. Ask her first.
 * Gives:   whether it did: not without the network.
 */
export async function clearBrowser(after: "signed-out" | "forgotten"): Promise<boolean> {
  try {
    return (await fetch(`/${after}`, { method: "POST" })).ok;
  } catch {
    return false;
  }
}
