import { answerJoin, decodeInvitation, sendParcel } from "@salus/client";
import { openMember } from "../accounts/member.ts";
import { EXIT } from "../exit.ts";
import { withHomes } from "../options.ts";
import type { Session } from "../session.ts";
import type { SelfOptions } from "./invite.ts";

/** Answer an invitation to join, with the keys that are to be certified. Gives: the exit code. */
export function acceptInvitation(
  session: Session,
  text: string,
  options: SelfOptions,
): Promise<number> {
  return withHomes(session, options, async (homes) => {
    const invitation = decodeInvitation(text);
    if (!invitation.ok) return session.fail(invitation.error);
    if (invitation.value.kind !== "join") return session.fail({ kind: "bad-invitation" });
    const member = await openMember(homes, options.directory, options.as, "practitioner");
    if (!member.ok) return session.fail(member.error);
    const { account, directory } = member.value;
    const letter = answerJoin(text, account.identity("practitioner"));
    if (!letter.ok) return session.fail(letter.error);
    const { to, kind, statement } = letter.value;
    const sent = await sendParcel(directory, to, kind, statement);
    if (!sent.ok) return session.fail(sent.error);
    const { role, node, name } = invitation.value;
    session.result("answered", { role, node, name, state: "answered" });
    session.note("You are certified once whoever invited you has collected it.");
    return EXIT.done;
  });
}
