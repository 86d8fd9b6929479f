/** Names and values, as a server sends them. */
export type Headers = Readonly<Record<string, string>>;

/** The one Trusted Types policy: `apps/web/src/page/trusted-types.ts`. */
const TRUSTED_TYPES_POLICY = "default";

const REPORTS = "/csp-reports";

/**
 * What a page of this site may do: run its own scripts, talk to its own origin, and nothing else.
 *
 * `wasm-unsafe-eval` is for Argon2id and OPAQUE, which are WebAssembly inside the scripts. `blob:` is for pictures that
 * were opened on the device.
 *
 * Source:  W3C Content Security Policy Level 3; W3C Trusted Types.
 */
const PAGE_POLICY: string = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  `trusted-types ${TRUSTED_TYPES_POLICY}`,
  `report-uri ${REPORTS}`,
  "report-to csp",
].join("; ");

/** Of what no page is, and a browser must never take for one. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** What no screen needs. The camera reads QR codes; passkeys are made and used. */
const DENIED = [
  ...["accelerometer", "autoplay", "bluetooth", "browsing-topics", "display-capture"],
  ...["encrypted-media", "fullscreen", "geolocation", "gyroscope", "hid", "idle-detection"],
  ...["local-fonts", "magnetometer", "microphone", "midi", "payment", "picture-in-picture"],
  ...["screen-wake-lock", "serial", "storage-access", "usb", "window-management"],
  "xr-spatial-tracking",
];
const OWN = ["camera", "publickey-credentials-create", "publickey-credentials-get"];
const PERMISSIONS = [
  ...DENIED.map((feature) => `${feature}=()`),
  ...OWN.map((feature) => `${feature}=(self)`),
].join(", ");

const TWO_YEARS_S = 63_072_000;

/** Of every answer, whatever it is. */
const EVERYWHERE: Headers = {
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "permissions-policy": PERMISSIONS,
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** Of what the application consists of. Its worker lives by the policy of its own file. */
export const OF_FILES: Headers = {
  ...EVERYWHERE,
  "content-security-policy": PAGE_POLICY,
  "reporting-endpoints": `csp="${REPORTS}"`,
};

/** Of everything else: what the services answer, errors, and what the site says of itself. */
export const OF_DATA: Headers = {
  ...EVERYWHERE,
  "cache-control": "no-store",
  "content-security-policy": DATA_POLICY,
};

/**
 * That a browser comes back only by TLS.
 *
 * Not to `localhost`: it would close every other program of this machine to that browser.
 */
export const STRICT_TRANSPORT: Headers = {
  "strict-transport-security": `max-age=${TWO_YEARS_S}; includeSubDomains; preload`,
};
