/** What newer browsers can show on the application's icon. */
type Badges = Partial<Pick<Navigator, "setAppBadge" | "clearAppBadge">>;

/**
 * Show on the application's icon how many requests wait; nothing for none.
 *
 * Leaks:   the number, to whoever sees the screen of a locked device.
 */
export async function showWaiting(count: number): Promise<void> {
  const badges: Badges = navigator;
  const shown = count > 0 ? badges.setAppBadge?.(count) : badges.clearAppBadge?.();
  // Only an installed application has an icon to show it on.
  await shown?.catch(() => undefined);
}
