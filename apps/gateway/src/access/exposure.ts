/** How a gateway would listen. */
export interface Exposure {
  /** The address that it listens on. */
  readonly host: string;
  readonly tls: boolean;
  /** Whether it knows a token or a client. */
  readonly authenticated: boolean;
}

/**
 * Why a gateway may not listen like this; it is not started then.
 *
 * What it answers is plaintext of everything that its identity may read. On a network that is for nobody but whoever
 * shows who she is, and through nothing that others can listen to. There is no option to have it otherwise.
 *
 * Gives:   a sentence for whoever started it; nothing where all is well.
 */
export function exposureFault({ host, tls, authenticated }: Exposure): string | undefined {
  if (isLoopback(host)) return undefined;
  const missing = [
    ...(tls ? [] : ["TLS (--tls, or --cert and --key)"]),
    ...(authenticated ? [] : ["authentication (--token-file, SALUS_GATEWAY_TOKEN or --clients)"]),
  ];
  if (missing.length === 0) return undefined;
  return `${host} is reached from other machines, and what is answered there is plaintext: it needs ${missing.join(" and ")}`;
}

/** Names that resolvers could make point elsewhere are not among them, but `localhost`, which RFC 6761 keeps here. */
function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}
