import { StartFailure } from "@salus/service";

/** The site that people use this directory from: what passkeys and codes are bound to. */
export interface Web {
  readonly origins: readonly string[];
  /** The domain that passkeys belong to: that of the origins, or one above. */
  readonly rpId: string;
}

/** Where the web application is in development. */
const LOCAL = "http://localhost:8080";

/**
 * Read from the environment which site this directory is for.
 *
 * Fails:   `bad-option`, as a `StartFailure`: browsers would refuse it.
 */
export function webSettings(env: Readonly<Record<string, string | undefined>>): Web {
  const origins = (env.WEB_ORIGIN || LOCAL).split(",").map((text) => originOf(text.trim()));
  const rpId = env.WEB_RP_ID || new URL(origins[0] as string).hostname;
  const inside = origins.every((origin) => {
    const { hostname } = new URL(origin);
    return hostname === rpId || hostname.endsWith(`.${rpId}`);
  });
  if (inside) return { origins, rpId };
  throw new StartFailure("bad-option", "WEB_RP_ID is the domain of every WEB_ORIGIN, or one above");
}

function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const secure = url?.protocol === "https:" || url?.hostname === "localhost";
  if (url !== undefined && secure && url.origin === text) return text;
  throw new StartFailure(
    "bad-option",
    "WEB_ORIGIN is a list of origins such as https://salus.example",
  );
}
