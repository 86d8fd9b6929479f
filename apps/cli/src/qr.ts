import qrcode from "qrcode";
import type { Session } from "./session.ts";

/** Say a text as a result, and show it as a code. Takes: `value`, the same for machines. */
export async function sayCode(session: Session, text: string, value: object): Promise<void> {
  session.result(text, value);
  await drawCode(session, text);
}

/** Show a text as a code that another device can scan, where somebody looks. */
export async function drawCode(session: Session, text: string): Promise<void> {
  if (!session.interactive) return;
  const type = session.columns === undefined ? "utf8" : "terminal";
  const code = await qrcode.toString(text, { type, small: true, errorCorrectionLevel: "L" });
  session.draw(code);
}
