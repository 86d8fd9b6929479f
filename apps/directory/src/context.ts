import type { TrustPolicy } from "@salus/evaluate";
import type { ServiceContext } from "@salus/service";
import type { CodeSender } from "./code-sender.ts";
import type { Schema } from "./database/schema.ts";
import type { Texts } from "./sms/texts.ts";
import type { Store } from "./store/store.ts";
import type { Web } from "./web.ts";

/** What a running directory consists of. */
export interface Directory extends ServiceContext<Schema> {
  readonly store: Store;
  /** Whether patients may sign in with a text message. */
  readonly sms: boolean;
  /** Sends text messages, where there are any. */
  readonly texts: Texts | undefined;
  /** The site that passkeys and codes are bound to. */
  readonly web: Web;
  /** Whom it believes about practitioners. */
  readonly trust: TrustPolicy;
  /** So many sign-ups may begin in an hour, of all people together. */
  readonly signUpsPerHour: number;
  /** Sends codes to numbers; there is none where there are no text messages. */
  readonly sendCode: CodeSender | undefined;
}
