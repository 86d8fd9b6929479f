import { type Bytes, compareBytes, equalBytes, type Result } from "@salus/base";
import {
  DeviceSecret,
  drawDevice,
  drawKey,
  drawUnlock,
  KemPair,
  type Key,
  loginTag,
  Phrase,
  rootKey,
  rootSigner,
  type Signer,
  signLink,
  wrapRoots,
} from "@salus/crypto";
import { digest } from "@salus/evaluate";
import {
  AccountHandle,
  type AccountRole,
  type ChainHead,
  type Device,
  GrantHandle,
  type LoginTag,
  type OpenedSession,
  openedSessionSchema,
  passwordResponseSchema,
  recoveryStartedSchema,
  type SecondProof,
  type SignInFinished,
  type SignInStarted,
  signInFinishedSchema,
  signInStartedSchema,
  signUpStartedSchema,
  stepUpDoneSchema,
  stepUpStartedSchema,
  totpSecretSchema,
  type Unlock,
} from "@salus/protocol";
import { type Answered, type Asked, Asker, newSigner, read } from "@salus/testkit/asker";
import { client } from "@serenity-kit/opaque";
import { Secret, TOTP } from "otpauth";
import { type Begun, begunAt } from "./begun.ts";

/** What no person would choose: the server cannot tell, and a test has many sign-ins. */
const QUICK = { "argon2id-custom": { memory: 8, iterations: 1, parallelism: 1 } } as const;

/** The value of what cannot fail in a test. */
export function must<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(`failed: ${JSON.stringify(result.error)}`);
  return result.value;
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}

function bytes(value: string): Bytes {
  return Uint8Array.from(Buffer.from(value, "base64url"));
}

/** A registration that has begun: what its record is made from. */
export interface Registering {
  readonly registration: Bytes;
  /** The record for the directory's response. */
  record(response: Uint8Array): Bytes;
}

/** Who makes what a person sends to a directory, as her device would. */
export class Person {
  directory: Asked;
  login: LoginTag;
  password: string;
  phrase = Phrase.draw();
  device: Signer = newSigner();
  readonly links: Bytes[] = [];
  head: ChainHead | undefined;
  root: Key<"account-root"> = drawKey("account-root");
  #totp: TOTP | undefined;
  #session: Asker | undefined;
  readonly #devices: Device[] = [];
  readonly #unlocks: Unlock[] = [];

  constructor(directory: Asked, login: string, password = "correct horse battery staple") {
    this.directory = directory;
    this.login = loginTag(login);
    this.password = password;
  }

  get account(): AccountHandle {
    const [genesis = new Uint8Array()] = this.links;
    return AccountHandle.of(digest(genesis));
  }

  /** Asks in the newest session. */
  get session(): Asker {
    if (this.#session === undefined) throw new Error("nobody is signed in");
    return this.#session;
  }

  get now(): number {
    return Date.now() + this.directory.clock.ahead;
  }

  /** The same person, where the directory is now. */
  on(directory: Asked): this {
    this.directory = directory;
    return this;
  }

  /** The same account, to go on with in another way. Takes: another login. */
  copy(login: LoginTag = this.login): Person {
    const other = new Person(this.directory, "", this.password);
    other.login = login;
    other.phrase = this.phrase;
    other.device = this.device;
    other.links.push(...this.links);
    other.head = this.head;
    other.root = this.root;
    other.#devices.push(...this.#devices);
    other.#unlocks.push(...this.#unlocks);
    return other;
  }

  /** An asker for a session that was opened for a key. */
  in({ session }: OpenedSession, signer: Signer): Asker {
    this.#session = new Asker(this.directory, signer, GrantHandle.of(session));
    return this.#session;
  }

  // Passwords.

  register(password: string = this.password): Registering {
    const { clientRegistrationState, registrationRequest } = client.startRegistration({ password });
    return {
      registration: bytes(registrationRequest),
      record: (response) =>
        bytes(
          client.finishRegistration({
            clientRegistrationState,
            registrationResponse: text(response),
            password,
            identifiers: this.#ends,
            keyStretching: QUICK,
          }).registrationRecord,
        ),
    };
  }

  /** Both messages of a login, of which the second shows whether the password is right. */
  logIn(password: string = this.password): {
    readonly start: Bytes;
    finish(response: Uint8Array): Bytes | undefined;
  } {
    const { clientLoginState, startLoginRequest } = client.startLogin({ password });
    return {
      start: bytes(startLoginRequest),
      finish: (response) => {
        const finished = client.finishLogin({
          clientLoginState,
          loginResponse: text(response),
          password,
          identifiers: this.#ends,
          keyStretching: QUICK,
        });
        return finished && bytes(finished.finishLoginRequest);
      },
    };
  }

  get #ends(): { readonly client: string; readonly server: string } {
    return { client: hex(this.login), server: this.directory.info.id };
  }

  // The chain.

  /** The links of a new account: a device, a password, a phrase, and the first sealed root. */
  async found(): Promise<readonly Bytes[]> {
    const device = newDevice(this.device);
    const salt = Uint8Array.from({ length: 16 }, (_, at) => at);
    this.#devices.push(device);
    this.#link("account/genesis", { device, root: rootKey(this.root), salt });
    this.addUnlock("password");
    this.addUnlock("phrase");
    await this.seal();
    return this.links;
  }

  addUnlock(kind: Unlock["kind"], signer: Signer = this.device): void {
    const pair = newPair(1);
    const unlock = { id: drawUnlock(), kind, ...pair.public } as const;
    this.#unlocks.push(unlock);
    this.#link("account/unlock", { op: "add", unlock }, signer);
  }

  removeUnlock(kind: Unlock["kind"], signer: Signer = this.device): void {
    const at = this.#unlocks.findIndex((unlock) => unlock.kind === kind);
    const [unlock] = this.#unlocks.splice(at, 1);
    if (unlock === undefined) throw new Error("there is no such way to unlock");
    this.#link("account/unlock", { op: "remove", unlock }, signer);
  }

  addDevice(sign: Signer, signer: Signer = this.device): void {
    const device = newDevice(sign);
    this.#devices.push(device);
    this.#link("account/device", { op: "add", device }, signer);
  }

  removeDevice(sign: Signer, signer: Signer = this.device): void {
    const at = this.#devices.findIndex((device) => equalBytes(device.sign, sign.key));
    const [device] = this.#devices.splice(at, 1);
    if (device === undefined) throw new Error("there is no such device");
    this.#link("account/device", { op: "remove", device }, signer);
  }

  /** Seal the roots to whoever is live, as the last link of an append. */
  async seal(signer: Signer = this.device, root: Key<"account-root"> = this.root): Promise<void> {
    const seq = this.links.length;
    const receivers = [...this.#devices, ...this.#unlocks];
    const { account } = this;
    const wraps = await Promise.all(
      receivers.map(async (to) => ({
        to: to.id as never,
        wrap: await wrapRoots(
          to,
          { account, seq, to: to.id },
          { roots: [root], vault: undefined, secret: DeviceSecret.draw() },
        ),
      })),
    );
    wraps.sort((a, b) => compareBytes(a.to, b.to));
    this.root = root;
    this.#link("account/root", { root: rootKey(root), wraps }, signer);
  }

  #link<T extends Parameters<typeof signLink>[1]>(
    type: T,
    fields: Parameters<typeof signLink<T>>[4],
    signer: Signer = this.device,
  ): void {
    const { signed, head } = signLink(signer, type, this.head, this.now, fields);
    this.links.push(signed);
    this.head = head;
  }

  // The whole ways.

  /** Sign up, and be in the first session. Takes: the key of the session. */
  async signUp(
    key: Signer = newSigner(),
    roles: readonly AccountRole[] = ["patient"],
  ): Promise<OpenedSession> {
    const { begun, record } = await this.startSignUp(key);
    const links = this.links.length > 0 ? this.links : await this.found();
    const recovery = digest(this.phrase.recoveryTag);
    const body = { record, links, recovery, roles };
    const answered = await begun.post(`/finish`, body);
    const opened = read(answered, openedSessionSchema);
    this.in(opened, key);
    return opened;
  }

  /** The first half of a sign-up. */
  async startSignUp(key: Signer): Promise<{ readonly begun: Begun; readonly record: Bytes }> {
    const asker = new Asker(this.directory, key);
    const registering = this.register();
    const { registration } = registering;
    const answered = await asker.post("/v1/sign-ups", { login: this.login, registration });
    const { signUp, response } = read(answered, signUpStartedSchema);
    const begun = begunAt(asker, `/v1/sign-ups/${hex(signUp)}`);
    return { begun, record: registering.record(response) };
  }

  /** Sign in as far as the password goes. */
  async prove(
    key: Signer,
    role: AccountRole = "patient",
    password: string = this.password,
  ): Promise<{ readonly signIn: Begun; readonly answered: Answered }> {
    const asker = new Asker(this.directory, key);
    const login = this.logIn(password);
    const started: SignInStarted = read(
      await asker.post("/v1/sign-ins", { login: this.login, start: login.start, role }),
      signInStartedSchema,
    );
    const signIn = begunAt(asker, `/v1/sign-ins/${hex(started.signIn)}`);
    const finish = login.finish(started.response) ?? new Uint8Array(64);
    return { signIn, answered: await signIn.post("/finish", { finish }) };
  }

  /** Sign in, with the authenticator if there is one. */
  async signIn(key: Signer = newSigner(), role: AccountRole = "patient"): Promise<OpenedSession> {
    const { signIn, answered } = await this.prove(key, role);
    const finished: SignInFinished = read(answered, signInFinishedSchema);
    const opened =
      finished.session ?? read(await signIn.post("/second", this.totpProof()), openedSessionSchema);
    this.in(opened, key);
    return opened;
  }

  /** Add an authenticator in a session. */
  async addTotp(asker: Asker = this.session): Promise<void> {
    const { secret } = read(await asker.post("/v1/factors/totp", {}), totpSecretSchema);
    this.#totp = new TOTP({ secret: new Secret({ buffer: Uint8Array.from(secret).buffer }) });
    const answered = await asker.post("/v1/factors/totp/finish", { code: this.code() });
    if (answered.status !== 200) throw new Error(`answered ${answered.status}`);
  }

  /** What the authenticator holds. */
  get totpSecret(): Bytes {
    return Uint8Array.from(this.#totp?.secret.bytes ?? []);
  }

  /** The code of a step near now. */
  code(step = 0): string {
    if (this.#totp === undefined) throw new Error("there is no authenticator");
    return this.#totp.generate({ timestamp: this.now + step * 30_000 });
  }

  /** A code that is good next: of the step to come, so that no clock passes it by on the way. */
  totpProof(step = 1): SecondProof {
    return { kind: "totp", code: this.code(step) };
  }

  /** Step a session up by password. */
  async stepUp(asker: Asker = this.session, password: string = this.password): Promise<Answered> {
    const login = this.logIn(password);
    const started = read(
      await asker.post("/v1/step-ups", { kind: "password", start: login.start }),
      stepUpStartedSchema,
    );
    if (!("response" in started)) throw new Error("no answer to a password");
    const finish = login.finish(started.response) ?? new Uint8Array(64);
    const answered = await asker.post(`/v1/step-ups/${hex(started.stepUp)}/finish`, { finish });
    if (answered.status === 200) read(answered, stepUpDoneSchema);
    return answered;
  }

  /** Change the password, with its way to unlock, under a new root. */
  async changePassword(password: string, asker: Asker = this.session): Promise<Answered> {
    const registering = this.register(password);
    const { registration } = registering;
    const answered = await asker.post("/v1/account/password", { registration });
    const { response } = read(answered, passwordResponseSchema);
    const from = this.links.length;
    this.addUnlock("password");
    this.removeUnlock("password");
    await this.seal(this.device, drawKey("account-root"));
    const body = { record: registering.record(response), links: this.links.slice(from) };
    const finished = await asker.post("/v1/account/password/finish", body);
    if (finished.status === 200) this.password = password;
    return finished;
  }

  /** Come back with the phrase alone, on a new device, with a new password. */
  async recover(password: string, key: Signer = newSigner()): Promise<Answered> {
    const asker = new Asker(this.directory, key);
    const tag = this.phrase.recoveryTag;
    const answered = await asker.post("/v1/recoveries", { login: this.login, tag });
    const { recovery } = read(answered, recoveryStartedSchema);
    const begun = begunAt(asker, `/v1/recoveries/${hex(recovery)}`);
    const registering = this.register(password);
    const registered = await begun.post("", { registration: registering.registration });
    const { response } = read(registered, passwordResponseSchema);
    const from = this.links.length;
    const root = rootSigner(this.root);
    this.addDevice(newSigner(), root);
    this.addUnlock("password", root);
    this.removeUnlock("password", root);
    await this.seal(root, drawKey("account-root"));
    const body = { record: registering.record(response), links: this.links.slice(from) };
    const path = `/v1/recoveries/${hex(recovery)}/finish`;
    const finished = await new Asker(this.directory, root).post(path, body);
    if (finished.status !== 200) return finished;
    this.password = password;
    this.in(read(finished, openedSessionSchema), key);
    return finished;
  }
}

function newDevice(signer: Signer): Device {
  const pair = newPair(2);
  return { id: drawDevice(), sign: signer.key, ...pair.public };
}

/** Whose keys a directory cannot tell: a test never opens what is sealed to them. */
function newPair(suite: 1 | 2): KemPair {
  return new KemPair(drawKey("kem-seed"), suite);
}
