/**
 * The only texts that are ever sent: constant but for the code, with no name and no hospital in them.
 *
 * The last line of a code's message binds it to a site, so that a browser fills it in there and
 * nowhere else.
 *
 * Source:  spec/accounts.md §6; WICG, origin-bound one-time codes.
 */
export function codeText(host: string, code: string): string {
  return `Your Salus code. Never tell it to anybody.\n\n@${host} #${code}`;
}

export const REQUEST_TEXT = "You have a request in Salus.";
export const RECOVERY_TEXT = "Somebody came back to your Salus account by its phrase.";
