import { fail, ok, type Result } from "@salus/base";
import type { StepUpProof } from "@salus/client";
import { type Open, withOpen } from "../open.ts";
import type { Failure, Problem } from "../problem.ts";

/** A step-up by passkey between what it asks and what answers. */
interface Asked {
  readonly answer: (assertion: string | undefined) => void;
  readonly done: Promise<Result<void, Failure>>;
}

let asked: Asked | undefined;

/** Showing once more who she is: what is final asks for it, in the last five minutes. */
export const steppingUp = {
  /** Fails:   `sign-in-refused`; any `CloudError`. */
  stepUpByPassword: (password: string): Promise<Result<void, Problem>> =>
    withOpen((open) => stepUp(open, { password })),

  /** By a code of the authenticator app. Fails: `refused/code-refused`; any `CloudError`. */
  stepUpByCode: (totp: string): Promise<Result<void, Problem>> =>
    withOpen((open) => stepUp(open, { totp })),

  /** Begin one by passkey. Gives: a WebAuthn PublicKeyCredentialRequestOptionsJSON. */
  stepUpOptions: (): Promise<Result<string, Problem>> =>
    withOpen(async (open) => {
      asked?.answer(undefined);
      let answer: Asked["answer"] = () => undefined;
      const answered = new Promise<string | undefined>((resolve) => {
        answer = resolve;
      });
      return new Promise<Result<string, Failure>>((resolve) => {
        const passkey = (options: string): Promise<string | undefined> => {
          resolve(ok(options));
          return answered;
        };
        const done = stepUp(open, { passkey });
        asked = { answer, done };
        // What fails before it asks is what the page is told.
        void done.then((result) => {
          if (!result.ok) resolve(result);
        });
      });
    }),

  /** End it with what the authenticator signed. Fails: `not-begun`, `refused/code-refused`. */
  stepUpByPasskey: (assertion: string): Promise<Result<void, Problem>> =>
    withOpen(async () => {
      if (asked === undefined) return fail({ kind: "not-begun" });
      const { answer, done } = asked;
      asked = undefined;
      answer(assertion);
      return done;
    }),
};

async function stepUp(open: Open, proof: StepUpProof): Promise<Result<void, Failure>> {
  const done = await open.account.sessions.stepUp(proof);
  if (!done.ok) return done;
  open.steppedUp();
  return ok(undefined);
}
