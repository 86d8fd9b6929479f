import { must } from "@salus/testkit";
import { type GatewayOptions, type RunningGateway, startGateway } from "../src/gateway.ts";
import { type SmallWorld, startSmallWorld } from "./small-world.ts";

/** What came back, with its body read. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape.
  readonly body: any;
}

export interface Sending {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A gateway over a small world, and a client that knows nothing but HTTP. */
export interface SmallGateway extends RunningGateway {
  readonly world: SmallWorld;
  /** Lines of its log. */
  readonly lines: readonly string[];
  /** Send a request; a body that is no text and no bytes goes as FHIR JSON. */
  send(method: string, path: string, sending?: Sending): Promise<Reply>;
  stop(): Promise<void>;
}

export async function startSmallGateway(
  options: Partial<GatewayOptions> = {},
): Promise<SmallGateway> {
  const world = await startSmallWorld();
  const lines: string[] = [];
  const log = { write: (line: string) => void lines.push(line) };
  const gateway = must(await startGateway({ world: world.world, log, ...options }));
  return {
    ...gateway,
    ...{ world, lines },
    send: (method, path, sending) => send(gateway.base, method, path, sending),
    stop: async () => {
      await gateway.close();
      await world.stop();
    },
  };
}

async function send(
  base: string,
  method: string,
  path: string,
  { body, headers = {} }: Sending = {},
): Promise<Reply> {
  const plain = typeof body === "string" || body instanceof Uint8Array;
  const type = body === undefined ? {} : { "content-type": "application/fhir+json" };
  const answer = await fetch(path.startsWith("http") ? path : `${base}${path}`, {
    method,
    headers: { ...type, ...headers },
    ...(body !== undefined && { body: plain ? (body as BodyInit) : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, body: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
