import { join } from "node:path";
import type { TrustPolicy } from "@salus/evaluate";
import {
  purgeNonces,
  type RunningService,
  type ServiceContext,
  type ServiceOptions,
  StartFailure,
  startService,
} from "@salus/service";
import { ready } from "@serenity-kit/opaque";
import type { FastifyInstance } from "fastify";
import type { CodeSender } from "./code-sender.ts";
import type { Directory } from "./context.ts";
import type { Schema } from "./database/schema.ts";
import { MIGRATIONS } from "./migrations/migrations.ts";
import { accountRoutes } from "./routes/account.ts";
import { directoryRoutes } from "./routes/directory.ts";
import { evaluationRoutes } from "./routes/evaluations.ts";
import { factorRoutes } from "./routes/factors.ts";
import { identifierRoutes } from "./routes/identifiers.ts";
import { lookUpRoutes } from "./routes/look-ups.ts";
import { mailboxRoutes } from "./routes/mailbox.ts";
import { outboxRoutes } from "./routes/outbox.ts";
import { passkeyRoutes } from "./routes/passkeys.ts";
import { phoneRoutes } from "./routes/phones.ts";
import { recoveryRoutes } from "./routes/recoveries.ts";
import { sessionRoutes } from "./routes/sessions.ts";
import { signInRoutes } from "./routes/sign-ins.ts";
import { signUpRoutes } from "./routes/sign-ups.ts";
import { stepUpRoutes } from "./routes/step-ups.ts";
import { loadServiceKeys, type Random, type ServiceKeys, systemRandom } from "./service-keys.ts";
import { SmsSender } from "./sms/sender.ts";
import type { SmsSettings } from "./sms/settings.ts";
import { codeSender, openCarrier, type Texts } from "./sms/texts.ts";
import { purgeBoxes } from "./store/box.ts";
import { purgePhoneProofs } from "./store/phone-proof.ts";
import { purgeExpired } from "./store/purge.ts";
import { bindKeys } from "./store/service-key.ts";
import type { Store } from "./store/store.ts";
import { type Web, webSettings } from "./web.ts";

/** What whoever starts a directory decides, beside what every service leaves open. */
export interface DirectoryOptions extends ServiceOptions {
  /** The file of the service's keys, or the keys; `service-keys.json` in the data folder otherwise. */
  readonly keys?: string | ServiceKeys | undefined;
  /** How text messages are sent. Left out, there are none: neither codes nor notices. */
  readonly sms?: SmsSettings | undefined;
  /** The site that passkeys and codes are bound to. Left out, one on this machine. */
  readonly web?: Web | undefined;
  /** Whom it believes about practitioners. Left out, nobody: no look-up is answered. */
  readonly trust?: TrustPolicy | undefined;
  /** So many sign-ups may begin in an hour; 1,000 when left out. */
  readonly signUpsPerHour?: number | undefined;
  /** Sends codes to numbers that somebody wants to be found by. */
  readonly sendCode?: CodeSender | undefined;
  readonly random?: Random | undefined;
}

const SIGN_UPS_PER_HOUR = 1000;
const NOBODY: TrustPolicy = { registries: [], authorities: [], threshold: 1 };

const ROUTES = [
  ...[directoryRoutes, signUpRoutes, signInRoutes, sessionRoutes, stepUpRoutes],
  ...[accountRoutes, factorRoutes, mailboxRoutes, recoveryRoutes],
  ...[evaluationRoutes, identifierRoutes, lookUpRoutes],
  ...[phoneRoutes, passkeyRoutes, outboxRoutes],
];

/**
 * Start a directory: database, schema, keys, HTTP.
 *
 * It holds no key that opens a record, a term or a query. The keys that it has are its own, and stand
 * in a file beside the database.
 *
 * Fails:   as a `StartFailure`.
 */
export async function startDirectory(options: DirectoryOptions): Promise<RunningService> {
  await ready;
  const random = options.random ?? systemRandom;
  let keys: ServiceKeys | undefined;
  const loaded = (): ServiceKeys => {
    keys ??= keysOf(options, random);
    return keys;
  };
  return startService<Schema>(options, {
    name: "directory",
    migrations: MIGRATIONS,
    logSigner: () => loaded().log,
    gauges: {},
    register: (server, service) => register(server, service, options, { keys: loaded(), random }),
    purge: async ({ database, now }) => {
      await purgeNonces(database.hasty, now());
      await purgeExpired(database.hasty, now());
      await purgeBoxes(database.hasty, now());
      await purgePhoneProofs(database.hasty, now());
    },
  });
}

async function register(
  server: FastifyInstance,
  service: ServiceContext<Schema>,
  options: DirectoryOptions,
  own: Pick<Store, "keys" | "random">,
): Promise<void> {
  const { db, hasty } = service.database;
  const store: Store = { service: service.id, db, hasty, ...own };
  const bound = await bindKeys(store);
  if (!bound.ok) {
    throw new StartFailure(
      "wrong-service-keys",
      `the database was made with another service key "${bound.error.name}": bring back its file`,
    );
  }
  const web = options.web ?? webSettings({});
  const texts =
    options.sms && (await openTexts(server, service, store, options.sms, { ...options, web }));
  const directory: Directory = {
    ...service,
    store,
    sms: texts !== undefined,
    texts,
    web,
    trust: options.trust ?? NOBODY,
    signUpsPerHour: options.signUpsPerHour ?? SIGN_UPS_PER_HOUR,
    sendCode: options.sendCode ?? (texts && codeSender(store, web.rpId)),
  };
  for (const routes of ROUTES) routes(server, directory);
}

/** Open the carrier, and send what waits for as long as the server runs. */
async function openTexts(
  server: FastifyInstance,
  { now, log }: ServiceContext<Schema>,
  store: Store,
  settings: SmsSettings,
  { data, web }: Pick<DirectoryOptions, "data"> & { readonly web: Web },
): Promise<Texts> {
  const carrier = await openCarrier(settings, data, now);
  const sender = new SmsSender({ store, carrier, settings, host: web.rpId, now, log });
  server.addHook("onReady", async () => sender.start());
  server.addHook("onClose", () => sender.stop());
  return { limits: settings.limits, carrier };
}

function keysOf({ keys, data }: DirectoryOptions, random: Random): ServiceKeys {
  if (keys !== undefined && typeof keys !== "string") return keys;
  return loadServiceKeys(keys ?? join(data, "service-keys.json"), random);
}
