/**
 * Whether something of a moment may still be gone by.
 *
 * Of a later moment than now nothing may be: the clock was set back since, and how old it is nobody
 * knows any more. Without that, a machine whose clock was wrong would believe what it once fetched for
 * as long as the clock was ahead.
 *
 * Takes:   `at`, when it was so; `lifeMs`, how old it may become.
 * Units:   milliseconds since 1970, by this machine's clock.
 */
export function isYoung(at: number, lifeMs: number, now: number = Date.now()): boolean {
  return at <= now && now - at < lifeMs;
}
