import type { Chip } from "../device/record/question.ts";

/** A code that the record uses, by the name that a person knows it by. */
export interface NamedCode {
  readonly system: string;
  readonly code: string;
  readonly title: string;
}

/** Codes have digits in them, or name their system. */
const CODE = /^\S*[\d|]\S*$/;

/** What is asked when a whole name is written, as from a list. */
export function chosenCode(text: string, known: readonly NamedCode[]): Chip | undefined {
  return codeOf(known.filter(({ title }) => title === text));
}

/**
 * What is asked when somebody has typed this and goes on: a code, or whatever of the record is called so,
 * or, where nothing is known that is, what its name begins with. Nothing for nothing.
 */
export function typedCode(text: string, known: readonly NamedCode[]): Chip | undefined {
  const typed = text.trim();
  if (typed === "") return undefined;
  const [folded, called] = [typed.toLowerCase(), (one: NamedCode) => one.title.toLowerCase()];
  const whole = codeOf(known.filter((one) => called(one) === folded));
  if (whole !== undefined) return whole;
  if (CODE.test(typed)) return { kind: "code", tokens: typed };
  const within = codeOf(known.filter((one) => called(one).includes(folded)));
  return within ?? { kind: "words", text: typed };
}

/** What several systems call the same is asked for in all of them. */
function codeOf(codes: readonly NamedCode[]): Chip | undefined {
  if (codes.length === 0) return undefined;
  const tokens = new Set(codes.map(({ system, code }) => `${system}|${code}`));
  return { kind: "code", tokens: [...tokens].join(",") };
}
