import type { Chip, Question } from "../device/record/question.ts";
import type { QuestionView } from "../device/record/search.ts";
import { RemovableChip } from "../parts/chip.tsx";
import { plainName } from "../text/plain-name.ts";
import { useFormat, useText } from "../text/text.tsx";

/** A question part by part: each can be taken away. */
export function Chips({
  of: { question, names },
  isPlain,
  onChange,
}: {
  readonly of: QuestionView;
  /** Whether codes are called what people call them. */
  readonly isPlain: boolean;
  readonly onChange: (question: Question) => void;
}) {
  const { record, testNames } = useText();
  const { search } = record;
  const words = useWords(isPlain ? plainNames(names, testNames) : names);
  if (question.chips.length === 0) return null;
  return (
    <fieldset className="salus-chips">
      <legend className="salus-label">{search.chips}</legend>
      {question.chips.map((chip, at) => (
        <RemovableChip
          // biome-ignore lint/suspicious/noArrayIndexKey: the same part may stand twice.
          key={`${at} ${JSON.stringify(chip)}`}
          removeLabel={search.remove(words(chip))}
          onRemove={() =>
            onChange({ ...question, chips: question.chips.filter((_, other) => other !== at) })
          }
        >
          <bdi>{words(chip)}</bdi>
        </RemovableChip>
      ))}
    </fieldset>
  );
}

/** The names of tokens, of which several may be called the same. */
function plainNames(
  names: QuestionView["names"],
  testNames: Readonly<Record<string, string>>,
): QuestionView["names"] {
  const plain = Object.entries(names).map(([token, title]) => {
    const [system = "", code = ""] = token.split("|");
    return [token, plainName({ system, code, title }, testNames)] as const;
  });
  return Object.fromEntries(plain);
}

/** Parameters that are a time, by which newest and oldest are told. */
const TIME = /date|authored|effective|issued|sent|period|recorded|_lastUpdated/;

/** What a part of a question says. */
function useWords(names: QuestionView["names"]): (chip: Chip) => string {
  const { search } = useText().record;
  const format = useFormat();
  const kinds: Readonly<Record<string, string>> = search.kinds;
  const each = (tokens: string, called: Readonly<Record<string, string>>): string =>
    format.list([...new Set(tokens.split(",").map((token) => called[token] ?? token))]);
  const amount = (number: string, unit: string): string =>
    format.quantity(Number(number), unit === "" ? undefined : unit);
  const order = (by: string): string => {
    const [isDown, name] = [by.startsWith("-"), by.replace(/^-/, "")];
    if (TIME.test(name)) return isDown ? search.newest : search.oldest;
    return isDown ? search.downBy_(name) : search.upBy_(name);
  };
  return (chip) => {
    switch (chip.kind) {
      case "code":
        return search.code_(each(chip.tokens, names));
      case "words":
        return search.words_(chip.text);
      case "category":
        return search.kind_(each(chip.tokens, kinds));
      case "from":
        return search.from_(format.date(chip.day));
      case "to":
        return search.to_(format.date(chip.day));
      case "least":
        return search.least_(amount(chip.number, chip.unit));
      case "most":
        return search.most_(amount(chip.number, chip.unit));
      case "other":
        if (chip.name === "_sort") return format.list(chip.value.split(",").map(order));
        if (chip.name === "_count") return search.count_(chip.value);
        return search.other_(chip.name, chip.value);
    }
  };
}
