import type { SNSClient } from "@aws-sdk/client-sns";
import { fail, ok } from "@salus/base";
import { CARRIER_TIMEOUT_MS, type Carrier, type CarrierError } from "./carrier.ts";

/** What of Amazon SNS is used. Credentials are found as the SDK finds them, unless they are given. */
export interface SnsSettings {
  readonly region: string;
  /** What some countries show as the sender. */
  readonly sender?: string | undefined;
  /** Where the API is; the region's own unless told otherwise. */
  readonly endpoint?: string | undefined;
  readonly timeoutMs?: number | undefined;
  readonly credentials?: { readonly id: string; readonly secret: string } | undefined;
}

const CONNECT_MS = 3000;
const WAIT_MS = 5000;

const BUSY = new Set([
  ...["Throttled", "ThrottledException", "Throttling", "ThrottlingException"],
  ...[
    "KMSThrottling",
    "KMSThrottlingException",
    "RequestLimitExceeded",
    "TooManyRequestsException",
  ],
]);
/** About the number: no such number, or its owner wants no messages. */
const REFUSED = new Set([
  ...["InvalidParameter", "InvalidParameterException"],
  ...["InvalidParameterValue", "ParameterValueInvalid", "InvalidParameterValueException"],
  ...["OptedOut", "OptedOutException"],
]);

/**
 * Amazon SNS, to telephones directly.
 *
 * The queue tries again, so that the SDK does not. It is loaded when a directory is configured for it
 * and not otherwise.
 *
 * Source:  docs.aws.amazon.com/sns/latest/api, "Publish" and "Common errors".
 */
export async function sns(settings: SnsSettings): Promise<Carrier> {
  const { PublishCommand, SNSClient } = await import("@aws-sdk/client-sns");
  const { timeoutMs = CARRIER_TIMEOUT_MS } = settings;
  const client: SNSClient = new SNSClient({
    region: settings.region,
    maxAttempts: 1,
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: timeoutMs },
    ...(settings.endpoint && { endpoint: settings.endpoint }),
    ...(settings.credentials && {
      credentials: {
        accessKeyId: settings.credentials.id,
        secretAccessKey: settings.credentials.secret,
      },
    }),
  });
  const text = (value: string): { DataType: string; StringValue: string } => ({
    DataType: "String",
    StringValue: value,
  });
  const attributes = {
    "AWS.SNS.SMS.SMSType": text("Transactional"),
    ...(settings.sender && { "AWS.SNS.SMS.SenderID": text(settings.sender) }),
  };
  return {
    send: async (PhoneNumber, Message) => {
      const command = new PublishCommand({ PhoneNumber, Message, MessageAttributes: attributes });
      try {
        await client.send(command, { abortSignal: AbortSignal.timeout(timeoutMs) });
        return ok(undefined);
      } catch (error) {
        return fail(judge(error));
      }
    },
  };
}

/** Told apart by name and status: the SDK's messages may hold the number. */
function judge(error: unknown): CarrierError {
  const { name, $metadata } = error as {
    readonly name?: string;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode ?? 0;
  if (BUSY.has(name ?? "") || status === 429) return { kind: "busy", waitMs: WAIT_MS };
  if (REFUSED.has(name ?? "")) return { kind: "refused" };
  if (status >= 400 && status < 500) return { kind: "unconfigured" };
  return name === "CredentialsProviderError" ? { kind: "unconfigured" } : { kind: "unreachable" };
}
