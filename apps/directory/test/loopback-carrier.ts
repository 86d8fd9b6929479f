import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

/** What a carrier was asked. */
export interface CarrierRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly form: Readonly<Record<string, string>>;
}

export interface CarrierAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A carrier's API on this machine: it answers what a test says, or nothing at all. */
export interface LoopbackCarrier {
  readonly url: string;
  readonly requests: CarrierRequest[];
  answer: CarrierAnswer | "silence" | "hang-up";
  stop(): Promise<void>;
}

export async function startCarrier(answer: CarrierAnswer): Promise<LoopbackCarrier> {
  const requests: CarrierRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
      const { method = "", url: path = "", headers } = request;
      requests.push({ method, path, headers, form });
      const { answer: now } = carrier;
      if (now === "silence") return;
      if (now === "hang-up") return void request.socket.destroy();
      response.writeHead(now.status, now.headers).end(now.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const carrier: LoopbackCarrier = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return carrier;
}

const NAMESPACE = "http://sns.amazonaws.com/doc/2010-03-31/";

/** What Amazon SNS answers to `Publish`. */
export const snsSent: CarrierAnswer = {
  status: 200,
  headers: { "content-type": "text/xml" },
  body: `<PublishResponse xmlns="${NAMESPACE}"><PublishResult><MessageId>567910cd-659e-55d4-8ccb-5aaf14679dc0</MessageId></PublishResult><ResponseMetadata><RequestId>d74b8436-ae13-5ab4-a9ff-ce54dfea72a0</RequestId></ResponseMetadata></PublishResponse>`,
};

export function snsError(status: number, code: string): CarrierAnswer {
  const type = status < 500 ? "Sender" : "Receiver";
  return {
    status,
    headers: { "content-type": "text/xml" },
    body: `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>${type}</Type><Code>${code}</Code><Message>about +919876543210</Message></Error><RequestId>d74b8436-ae13-5ab4-a9ff-ce54dfea72a0</RequestId></ErrorResponse>`,
  };
}

const JSON_MEDIA = { "content-type": "application/json" };

/** What Twilio answers to a message that it takes. */
export const twilioSent: CarrierAnswer = {
  status: 201,
  headers: JSON_MEDIA,
  body: JSON.stringify({ sid: "SM0123456789abcdef", status: "queued", error_code: null }),
};

export function twilioError(
  status: number,
  code: number,
  headers: Readonly<Record<string, string>> = {},
): CarrierAnswer {
  const message = "about +919876543210";
  const more_info = `https://www.twilio.com/docs/errors/${code}`;
  return {
    status,
    headers: { ...JSON_MEDIA, ...headers },
    body: JSON.stringify({ code, message, more_info, status }),
  };
}
