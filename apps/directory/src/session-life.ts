import type { AccountRole } from "@salus/protocol";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long a session lives: from its last request, and in all. */
interface Life {
  readonly slidingMs: number;
  readonly absoluteMs: number;
}

const PRACTICE: Life = { slidingMs: 10 * MINUTE_MS, absoluteMs: 12 * HOUR_MS };

/** Source:  spec/accounts.md §5. */
const LIVES: Readonly<Record<AccountRole, Life>> = {
  patient: { slidingMs: 30 * DAY_MS, absoluteMs: 365 * DAY_MS },
  practitioner: PRACTICE,
  administrator: PRACTICE,
};

/** When a session ends that was opened then, and used now. */
export function sessionExpiry(role: AccountRole, opened: number, now: number): number {
  const { slidingMs, absoluteMs } = LIVES[role];
  return Math.min(opened + absoluteMs, now + slidingMs);
}

/** How fresh a step-up must be. */
export const STEP_UP_MS: number = 5 * MINUTE_MS;

/** How long somebody may take between the first message of something and its last. */
export const ATTEMPT_MS: number = 10 * MINUTE_MS;
