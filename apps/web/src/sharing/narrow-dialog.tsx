import type { Category } from "@salus/health";
import { useState } from "react";
import { SourceText } from "../deciding/names.tsx";
import { allOf, countedOnce } from "../deciding/own-sources.ts";
import { dayOf, endOf } from "../deciding/time-left.ts";
import type { Chosen } from "../device/requests/choice.ts";
import type { AccessView } from "../device/sharing/access-view.ts";
import { device } from "../page/call.ts";
import { useDo } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Checks, Field, Form } from "../parts/field.tsx";
import { Select } from "../parts/select.tsx";
import { Failure } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";

const ENDS = ["same", "today", "week", "other"] as const;
type End = (typeof ENDS)[number];
const WEEK_MS = 7 * 86_400_000;

/** Leaves less of an access: what is taken away is closed. */
export function NarrowDialog({
  of,
  isOpen,
  onClose,
  onDone,
}: {
  readonly of: AccessView;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const { sharing } = useText();
  return (
    <Dialog title={sharing.narrowTitle} isOpen={isOpen} onClose={onClose}>
      <p>{sharing.narrowMore}</p>
      <NarrowForm of={of} onClose={onClose} onDone={onDone} />
    </Dialog>
  );
}

function NarrowForm({
  of,
  onClose,
  onDone,
}: {
  readonly of: AccessView;
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const { sharing, requests, category, parts } = useText();
  const [categories, setCategories] = useState<readonly Category[]>(of.categories);
  const [sources, setSources] = useState(() => of.sources.map(({ source }) => source));
  const [end, setEnd] = useState<End>("same");
  const [day, setDay] = useState("");
  const narrowing = useDo((chosen: Chosen) => device().sharing.narrow(of.id, chosen), onDone);
  const chosen = lessOf(of, { categories, sources, until: untilOf(of, end, day) });
  const isNothing = categories.length === 0 || sources.length === 0;
  return (
    <Form onSubmit={() => chosen && !isNothing && narrowing.start(chosen)}>
      <Checks<Category>
        label={requests.categories}
        value={categories}
        onChange={setCategories}
        choices={of.categories.map((value) => ({ value, label: category.names[value] }))}
      />
      <Checks
        label={requests.sources}
        value={sources}
        onChange={(ticked) => setSources([...allOf(ticked, of.sources)])}
        choices={countedOnce(of.sources).map(({ source, name }) => ({
          value: source,
          label: <SourceText of={name} />,
        }))}
      />
      <Select<End>
        label={sharing.keepUntil}
        value={end}
        onChange={setEnd}
        choices={ENDS.map((value) => ({ value, label: sharing.keepEnds[value] }))}
      />
      {end === "other" && (
        <Field
          label={sharing.extendDay}
          type="date"
          min={dayOf(Date.now())}
          max={dayOf(of.until)}
          value={day}
          onChange={setDay}
        />
      )}
      {isNothing && <p role="alert">{sharing.nothing}</p>}
      {narrowing.problem && <Failure of={narrowing.problem} />}
      <Actions>
        <Button
          kind="main"
          type="submit"
          isDisabled={chosen === undefined || isNothing}
          isPending={narrowing.isPending}
        >
          {sharing.narrowAnswer}
        </Button>
        <Button kind="quiet" onPress={onClose}>
          {parts.cancel}
        </Button>
      </Actions>
    </Form>
  );
}

function untilOf(of: AccessView, end: End, day: string): number | undefined {
  const now = Date.now();
  if (end === "today") return endOf(dayOf(now));
  if (end === "week") return now + WEEK_MS;
  return end === "other" ? endOf(day) : of.until;
}

/** What is less than there was; nothing while everything stays, or would be more. */
function lessOf(
  of: AccessView,
  {
    categories,
    sources,
    until,
  }: Required<Pick<Chosen, "categories" | "sources">> & { readonly until: number | undefined },
): Chosen | undefined {
  if (until === undefined || until > of.until) return undefined;
  const chosen: Chosen = {
    ...(categories.length < of.categories.length && { categories }),
    ...(sources.length < of.sources.length && { sources }),
    ...(until < of.until && { until }),
  };
  return Object.keys(chosen).length === 0 ? undefined : chosen;
}
