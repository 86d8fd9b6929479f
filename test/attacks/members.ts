import type { AccountRole } from "@salus/protocol";
import { newSigner } from "@salus/testkit/asker";
import type { TestDirectory } from "../../apps/directory/test/harness.ts";
import { Person } from "../../apps/directory/test/person.ts";

/** People whom somebody attacks, at one directory. */
export class Members {
  readonly #directory: TestDirectory;
  #people = 0;

  constructor(directory: TestDirectory) {
    this.#directory = directory;
  }

  /** Somebody who has no account yet. */
  stranger(): Person {
    this.#people += 1;
    return this.namesake();
  }

  /** Somebody else by the login of the newest. */
  namesake(): Person {
    return new Person(this.#directory, `victim-${this.#people}@example.org`);
  }

  /** Somebody who has an account with an authenticator. */
  async member(roles?: readonly AccountRole[]): Promise<Person> {
    const person = this.stranger();
    await person.signUp(newSigner(), roles);
    await person.addTotp();
    return person;
  }

  /** Do something when the directory's clock is so far ahead of now. */
  async later(ahead: number, work: () => Promise<void>): Promise<void> {
    this.#directory.clock.ahead += ahead;
    try {
      await work();
    } finally {
      this.#directory.clock.ahead -= ahead;
    }
  }
}
