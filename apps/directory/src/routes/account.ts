import {
  accountChangeSchema,
  linksSchema,
  passwordFinishSchema,
  passwordRegistrationSchema,
  phraseChangeSchema,
} from "@salus/protocol";
import {
  PAGE_WEIGHT,
  presentedOf,
  readNumber,
  readParameters,
  sendMessage,
  sendProblem,
} from "@salus/service";
import type { FastifyInstance } from "fastify";
import type { Directory } from "../context.ts";
import { accountInfo, changeAccount } from "../store/account.ts";
import { appendAccountLinks, chainPage } from "../store/account-chain.ts";
import { finishPassword, startPassword } from "../store/password.ts";
import { replacePhrase } from "../store/phrase.ts";
import { authorize } from "../store/session.ts";
import { askedInSession, askedWithoutBody, LINKS_BODY, SMALL_BODY } from "./asked.ts";

/** An account: what it is used for, its chain, its password and its phrase. */
export function accountRoutes(server: FastifyInstance, directory: Directory): void {
  const { store } = directory;

  server.get("/v1/account", async (request, reply) => {
    const asked = await askedWithoutBody(directory, request, "signed-in");
    if (!asked.ok) return sendProblem(reply, asked.error);
    return sendMessage(reply, await accountInfo(store, asked.value.session));
  });

  server.post("/v1/account", { bodyLimit: SMALL_BODY }, async (request, reply) => {
    const wanted = { schema: accountChangeSchema, what: "account" };
    const asked = await askedInSession(directory, request, "stepped-up", wanted);
    if (!asked.ok) return sendProblem(reply, asked.error);
    await changeAccount(store, asked.value.session, asked.value.body);
    return sendMessage(reply, {});
  });

  chainRoutes(server, directory);
  logRoute(server, directory);
  passwordRoutes(server, directory);
}

function chainRoutes(server: FastifyInstance, directory: Directory): void {
  const { store, now } = directory;
  const path = "/v1/account/chain";

  server.get(path, { config: { weight: PAGE_WEIGHT } }, async (request, reply) => {
    const parameters = readParameters(request, { from: readNumber });
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    const session = await authorize(store, presentedOf(request), "signed-in", now());
    if (!session.ok) return sendProblem(reply, session.error);
    const { account } = session.value;
    return sendMessage(reply, await chainPage(store.db, account, parameters.value.from ?? 0));
  });

  server.post(path, { bodyLimit: LINKS_BODY }, async (request, reply) => {
    const wanted = { schema: linksSchema, what: "links" };
    const asked = await askedInSession(directory, request, "stepped-up", wanted);
    if (!asked.ok) return sendProblem(reply, asked.error);
    const { session, body, time } = asked.value;
    const head = await appendAccountLinks(store, session.account, body.links, time);
    return head.ok ? sendMessage(reply, head.value) : sendProblem(reply, head.error);
  });
}

/** What of the log is the account's own. Spec: log §1. */
function logRoute(server: FastifyInstance, { store, merkleLog, now }: Directory): void {
  server.get("/v1/account/log", async (request, reply) => {
    const parameters = readParameters(request, { from: readNumber, size: readNumber });
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    const { from = 0, size } = parameters.value;
    if (size === undefined) return sendProblem(reply, { kind: "malformed", what: "size" });
    const session = await authorize(store, presentedOf(request), "signed-in", now());
    if (!session.ok) return sendProblem(reply, session.error);
    const page = await merkleLog.ownLeaves(session.value.account, from, size);
    return page.ok ? sendMessage(reply, page.value) : sendProblem(reply, page.error);
  });
}

function passwordRoutes(server: FastifyInstance, directory: Directory): void {
  const { store } = directory;
  const path = "/v1/account/password";

  server.post(path, { bodyLimit: SMALL_BODY }, async (request, reply) => {
    const wanted = { schema: passwordRegistrationSchema, what: "registration" };
    const asked = await askedInSession(directory, request, "stepped-up", wanted);
    if (!asked.ok) return sendProblem(reply, asked.error);
    const { session, body, time } = asked.value;
    const response = await startPassword(store, session, body.registration, time);
    return response.ok
      ? sendMessage(reply, { response: response.value })
      : sendProblem(reply, response.error);
  });

  server.post(`${path}/finish`, { bodyLimit: LINKS_BODY }, async (request, reply) => {
    const wanted = { schema: passwordFinishSchema, what: "password" };
    const asked = await askedInSession(directory, request, "stepped-up", wanted);
    if (!asked.ok) return sendProblem(reply, asked.error);
    const { session, body, time } = asked.value;
    const finished = await finishPassword(store, session, body, time);
    return finished.ok ? sendMessage(reply, {}) : sendProblem(reply, finished.error);
  });

  server.post("/v1/account/phrase", { bodyLimit: LINKS_BODY }, async (request, reply) => {
    const wanted = { schema: phraseChangeSchema, what: "phrase" };
    const asked = await askedInSession(directory, request, "stepped-up", wanted);
    if (!asked.ok) return sendProblem(reply, asked.error);
    const { session, body, time } = asked.value;
    const replaced = await replacePhrase(store, session, body, time);
    return replaced.ok ? sendMessage(reply, {}) : sendProblem(reply, replaced.error);
  });
}
