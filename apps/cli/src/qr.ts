import qrcode from "qrcode";
import type { Session } from "./session.ts";

/**
 * Say a text, and show it as a code that another device can scan where somebody looks.
 *
 * Takes:   `as`, whether the text is the result of the command or a part of what is said beside it.
 */
export async function showCode(
  session: Session,
  text: string,
  as: "out" | "note" = "out",
): Promise<void> {
  session[as](text);
  if (!session.interactive) return;
  const type = session.columns === undefined ? "utf8" : "terminal";
  const code = await qrcode.toString(text, { type, small: true, errorCorrectionLevel: "L" });
  session.draw(code);
}
