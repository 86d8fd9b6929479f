import { signingIn } from "./sign-in.ts";

/** Her account: signing up and in, what this browser keeps, and what protects it. */
export const account = { ...signingIn };
