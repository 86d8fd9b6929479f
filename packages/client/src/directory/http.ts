import { toHex } from "@salus/base";
import {
  accountInfoSchema,
  chainHeadSchema,
  chainPageSchema,
  codeSentSchema,
  directoryInfoSchema,
  doneSchema,
  encodeMessage,
  evaluatedSchema,
  GrantHandle,
  lookUpAnswerSchema,
  openedSessionSchema,
  ownLeavesPageSchema,
  parcelPageSchema,
  passkeyOptionsSchema,
  passwordResponseSchema,
  phoneProofSentSchema,
  recoveryStartedSchema,
  registeredIdentifiersSchema,
  type Schema,
  sessionsPageSchema,
  signInFinishedSchema,
  signInStartedSchema,
  signUpStartedSchema,
  stepUpDoneSchema,
  stepUpStartedSchema,
  totpSecretSchema,
} from "@salus/protocol";
import type { Caller } from "../cloud/port.ts";
import { type Call, type HttpOptions, Link, type Method } from "../http/link.ts";
import { logRoutes } from "../log/routes.ts";
import type { DirectoryCaller, DirectoryResult } from "./call.ts";
import type { Directory } from "./port.ts";

/**
 * The directory at an address, over HTTP.
 *
 * Questions are repeated while nobody answers, and so are the first messages of what takes several;
 * what is done once is sent once.
 *
 * Leaks:   to the directory: what spec/directory-api.md says of each route.
 */
export function httpDirectory(url: string, options: HttpOptions = {}): Directory {
  const service = {
    path: "/v1/directory",
    answer: directoryInfoSchema,
    what: "directory",
  } as const;
  const link = new Link(new URL(url), service, options);
  const to =
    (method: Method, once: boolean) =>
    <T>(what: string, answer: Schema<T>, path: string) =>
    (caller: DirectoryCaller, message?: object): DirectoryResult<T> => {
      const call: Call<T> = { method, path: `/v1/${path}`, answer, what, once };
      const body = message === undefined ? {} : { body: encodeMessage(message) };
      return link.call({ ...call, caller: callerOf(caller), ...body });
    };
  const [get, ask, post] = [to("GET", false), to("POST", false), to("POST", true)];
  const [put, remove] = [to("PUT", false), to("DELETE", false)];
  const none = {};
  return {
    ...logRoutes(link),
    about: () => link.about(),

    signUp: ask("sign-up", signUpStartedSchema, "sign-ups"),
    finishSignUp: (caller, id, finish) =>
      post("session", openedSessionSchema, `sign-ups/${toHex(id)}/finish`)(caller, finish),
    signIn: ask("sign-in", signInStartedSchema, "sign-ins"),
    finishSignIn: (caller, id, finish) =>
      post("factors", signInFinishedSchema, `sign-ins/${toHex(id)}/finish`)(caller, finish),
    sendCode: (caller, id) =>
      post("code sent", codeSentSchema, `sign-ins/${toHex(id)}/sms`)(caller, none),
    passkeyOptions: ask("passkey options", passkeyOptionsSchema, "passkeys/options"),
    secondFactor: (caller, id, proof) =>
      post("session", openedSessionSchema, `sign-ins/${toHex(id)}/second`)(caller, proof),

    sessions: get("sessions", sessionsPageSchema, "sessions"),
    endSession: (caller, id) => remove("done", doneSchema, `sessions/${toHex(id)}`)(caller),
    endSessions: remove("done", doneSchema, "sessions"),
    stepUp: post("step-up", stepUpStartedSchema, "step-ups"),
    finishStepUp: (caller, id, finish) =>
      post("stepped up", stepUpDoneSchema, `step-ups/${toHex(id)}/finish`)(caller, finish),

    account: get("account", accountInfoSchema, "account"),
    changeAccount: ask("done", doneSchema, "account"),
    accountChain: (caller, from) =>
      get("chain", chainPageSchema, `account/chain?from=${from}`)(caller),
    appendAccount: (caller, links) =>
      ask("chain head", chainHeadSchema, "account/chain")(caller, { links }),
    accountLog: (caller, from, size) =>
      get("log", ownLeavesPageSchema, `account/log?from=${from}&size=${size}`)(caller),
    startPassword: ask("registration", passwordResponseSchema, "account/password"),
    finishPassword: post("done", doneSchema, "account/password/finish"),
    replacePhrase: ask("done", doneSchema, "account/phrase"),

    startTotp: (caller) => ask("secret", totpSecretSchema, "factors/totp")(caller, none),
    finishTotp: post("done", doneSchema, "factors/totp/finish"),
    startPhone: post("code sent", codeSentSchema, "factors/phone"),
    finishPhone: post("done", doneSchema, "factors/phone/finish"),
    startPasskey: (caller) =>
      ask("passkey options", passkeyOptionsSchema, "factors/passkey")(caller, none),
    finishPasskey: post("done", doneSchema, "factors/passkey/finish"),
    removeFactor: (caller, id) => remove("done", doneSchema, `factors/${toHex(id)}`)(caller),
    setMailbox: put("done", doneSchema, "mailbox"),

    recover: ask("recovery", recoveryStartedSchema, "recoveries"),
    recoveryChain: (caller, id, from) =>
      get("chain", chainPageSchema, `recoveries/${toHex(id)}/chain?from=${from}`)(caller),
    startRecoveredPassword: (caller, id, request) =>
      ask("registration", passwordResponseSchema, `recoveries/${toHex(id)}`)(caller, request),
    finishRecovery: (caller, id, finish) =>
      post("session", openedSessionSchema, `recoveries/${toHex(id)}/finish`)(caller, finish),

    evaluate: ask("evaluated", evaluatedSchema, "evaluations"),
    registerIdentifier: post("done", doneSchema, "identifiers"),
    provePhone: post("phone proof", phoneProofSentSchema, "identifiers/proofs"),
    identifiers: get("identifiers", registeredIdentifiersSchema, "identifiers"),
    removeIdentifier: (caller, tag) =>
      remove("done", doneSchema, `identifiers/${toHex(tag)}`)(caller),
    lookUp: ask("look-up", lookUpAnswerSchema, "look-ups"),
    tellStatuses: ask("done", doneSchema, "statuses"),
    sendParcel: ask("done", doneSchema, "parcels"),
    parcels: (caller, after) => get("parcels", parcelPageSchema, `parcels?after=${after}`)(caller),
    removeParcel: (caller, number) => remove("done", doneSchema, `parcels/${number}`)(caller),
    collect: ask("parcels", parcelPageSchema, "collections"),
  };
}

/** A capability names a session where one for the cloud names a grant. Source: spec/accounts.md §5. */
function callerOf({ signer, session }: DirectoryCaller): Caller {
  return session === undefined ? { signer } : { signer, grant: GrantHandle.of(session) };
}
