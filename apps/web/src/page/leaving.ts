/** Have the browser throw away what it kept of answers, as far as the site can be reached. */
export async function clearCache(): Promise<void> {
  await fetch("/signed-out", { method: "POST" }).catch(() => undefined);
}
