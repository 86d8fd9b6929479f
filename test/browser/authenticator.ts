import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, CDPSession, Page } from "playwright-core";
import { launch } from "./chromium.ts";

/** A credential as the virtual authenticator keeps it, private key and all. */
export interface KeptCredential {
  readonly credentialId: string;
  readonly rpId: string;
  readonly privateKey: string;
  readonly signCount: number;
  readonly isResidentCredential: boolean;
  readonly userHandle?: string;
}

/** What a page changes in the options that it was given, as a page of an attacker would. */
export interface Forged {
  readonly rpId?: string;
  readonly userVerification?: "discouraged";
  /** Base64url: the salt that `prf` is evaluated for. */
  readonly salt?: string;
}

/**
 * Chromium with a virtual authenticator, and two sites on this machine.
 *
 * `http://localhost:<port>` is the one that a directory is made for; `http://app.localhost:<port>`
 * another name of it, `stranger` another origin of the same name.
 */
export class Passkeys {
  readonly origin: string;
  readonly sibling: string;
  readonly stranger: string;
  readonly #browser: Browser;
  readonly #servers: readonly Server[];
  readonly #page: Page;
  readonly #session: CDPSession;
  #authenticator = "";

  private constructor(
    browser: Browser,
    servers: readonly Server[],
    page: Page,
    session: CDPSession,
  ) {
    this.#browser = browser;
    this.#servers = servers;
    this.#page = page;
    this.#session = session;
    const [own = 0, other = 0] = servers.map((server) => (server.address() as AddressInfo).port);
    this.origin = `http://localhost:${own}`;
    this.sibling = `http://app.localhost:${own}`;
    this.stranger = `http://localhost:${other}`;
  }

  static async open(): Promise<Passkeys> {
    const servers = await Promise.all([serveNothing(), serveNothing()]);
    const browser = await launch();
    const page = await browser.newPage();
    const session = await page.context().newCDPSession(page);
    await session.send("WebAuthn.enable");
    const passkeys = new Passkeys(browser, servers, page, session);
    await passkeys.plugIn();
    await passkeys.visit(passkeys.origin);
    return passkeys;
  }

  /** Use a new, empty authenticator instead of the one before: one that verifies its owner, or cannot. */
  async plugIn(verifies = true): Promise<void> {
    const authenticatorId = this.#authenticator;
    if (authenticatorId !== "") {
      await this.#session.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId });
    }
    const added = await this.#session.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        ...{ protocol: "ctap2", ctap2Version: "ctap2_1", transport: "internal", hasPrf: true },
        ...{ hasResidentKey: true, hasUserVerification: verifies, isUserVerified: verifies },
        automaticPresenceSimulation: true,
      },
    });
    this.#authenticator = added.authenticatorId;
  }

  /** Whether its owner is there to be verified. */
  async verifyOwner(isUserVerified: boolean): Promise<void> {
    const authenticatorId = this.#authenticator;
    await this.#session.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified });
  }

  async visit(origin: string): Promise<void> {
    await this.#page.goto(origin);
  }

  /** Make a passkey. Gives: `PublicKeyCredential.toJSON()`. */
  create(options: string, forged: Forged = {}): Promise<string> {
    return this.#page.evaluate(createInPage, [options, JSON.stringify(forged)] as const);
  }

  /** Sign with a passkey. Gives: `PublicKeyCredential.toJSON()`. */
  get(options: string, forged: Forged = {}): Promise<string> {
    return this.#page.evaluate(getInPage, [options, JSON.stringify(forged)] as const);
  }

  /** What the authenticator keeps. */
  async kept(): Promise<readonly KeptCredential[]> {
    const authenticatorId = this.#authenticator;
    const { credentials } = await this.#session.send("WebAuthn.getCredentials", {
      authenticatorId,
    });
    return credentials as readonly KeptCredential[];
  }

  /** Put a credential into the authenticator, as a copy of it would be. */
  async keep(credential: KeptCredential): Promise<void> {
    const authenticatorId = this.#authenticator;
    await this.#session.send("WebAuthn.addCredential", { authenticatorId, credential });
  }

  async close(): Promise<void> {
    await this.#browser.close();
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }
}

async function serveNothing(): Promise<Server> {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/html" });
    response.end("<!doctype html><title>passkeys</title>");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

// What follows runs in the page: nothing of this module is in scope there.

interface Credentials {
  parseCreationOptionsFromJSON(options: object): PublicKeyCredentialCreationOptions;
  parseRequestOptionsFromJSON(options: object): PublicKeyCredentialRequestOptions;
}

async function createInPage([text, forgedText]: readonly [string, string]): Promise<string> {
  const { rpId, userVerification } = JSON.parse(forgedText) as Forged;
  const { parseCreationOptionsFromJSON: parse } = PublicKeyCredential as unknown as Credentials;
  const options = parse.call(PublicKeyCredential, JSON.parse(text));
  options.extensions = { ...options.extensions, prf: {} } as AuthenticationExtensionsClientInputs;
  if (rpId) options.rp = { ...options.rp, id: rpId };
  if (userVerification) options.authenticatorSelection = { userVerification };
  const made = await navigator.credentials.create({ publicKey: options });
  return JSON.stringify((made as unknown as { toJSON(): object }).toJSON());
}

async function getInPage([text, forgedText]: readonly [string, string]): Promise<string> {
  const { rpId, userVerification, salt } = JSON.parse(forgedText) as Forged;
  const { parseRequestOptionsFromJSON: parse } = PublicKeyCredential as unknown as Credentials;
  const options = parse.call(PublicKeyCredential, JSON.parse(text));
  if (rpId) options.rpId = rpId;
  if (userVerification) options.userVerification = userVerification;
  if (salt) {
    const plain = atob(salt.replaceAll("-", "+").replaceAll("_", "/"));
    const first = Uint8Array.from(plain, (character) => character.charCodeAt(0));
    options.extensions = { prf: { eval: { first } } } as AuthenticationExtensionsClientInputs;
  }
  const used = await navigator.credentials.get({ publicKey: options });
  return JSON.stringify((used as unknown as { toJSON(): object }).toJSON());
}
