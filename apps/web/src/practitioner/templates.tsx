import { useState } from "react";
import type { Template } from "../device/practice/templates.ts";
import { device } from "../page/call.ts";
import { useAsk, useDo } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Chip, RemovableChip } from "../parts/chip.tsx";
import { Disclosure } from "../parts/disclosure.tsx";
import { Field } from "../parts/field.tsx";
import { Failure } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";
import { EMPTY, PRESETS, type RequestForm } from "./request-form.ts";

/** What is asked for often: ready-made, or kept by her, sealed on this device. */
export function Templates({
  form,
  onChange,
}: {
  readonly form: RequestForm;
  readonly onChange: (form: RequestForm) => void;
}) {
  const { ask } = useText().practitioner;
  const [chosen, setChosen] = useState("");
  const kept = useAsk(() => device().practice.templates.list(), []);
  const own = kept.state === "ready" ? kept.view : [];
  const again = (): void => {
    if (kept.state === "ready") kept.again();
  };
  const removing = useDo(device().practice.templates.remove, again);
  const begin = (name: string, values: Partial<RequestForm>): void => {
    setChosen(name);
    onChange({ ...EMPTY, note: form.note, ...values });
  };
  const presets = Object.entries(PRESETS) as [keyof typeof PRESETS, Partial<RequestForm>][];
  return (
    <fieldset className="salus-templates">
      <legend className="salus-label">{ask.template}</legend>
      <div className="salus-chips">
        {presets.map(([name, values]) => (
          <Chip key={name} isOn={chosen === name} onChange={() => begin(name, values)}>
            {ask.presets[name]}
          </Chip>
        ))}
        {own.map((template) => (
          <Chip
            key={template.name}
            isOn={chosen === `own ${template.name}`}
            onChange={() => begin(`own ${template.name}`, formOf(template))}
          >
            <bdi>{template.name}</bdi>
          </Chip>
        ))}
      </div>
      <Disclosure title={ask.keep}>
        {removing.problem && <Failure of={removing.problem} />}
        <KeepTemplate form={form} onKept={again} />
        <div className="salus-chips">
          {own.map(({ name }) => (
            <RemovableChip
              key={name}
              removeLabel={ask.removeTemplate(name)}
              onRemove={() => removing.start(name)}
            >
              <bdi>{name}</bdi>
            </RemovableChip>
          ))}
        </div>
      </Disclosure>
    </fieldset>
  );
}

function KeepTemplate({
  form,
  onKept,
}: {
  readonly form: RequestForm;
  readonly onKept: () => void;
}) {
  const { ask } = useText().practitioner;
  const [name, setName] = useState("");
  const keeping = useDo(device().practice.templates.keep, () => {
    setName("");
    onKept();
  });
  return (
    <>
      {keeping.problem && <Failure of={keeping.problem} />}
      <Field
        label={ask.templateName}
        hint={ask.templateKept}
        value={name}
        onChange={setName}
        maxLength={80}
      />
      <Actions>
        <Button
          isDisabled={name.trim() === ""}
          isPending={keeping.isPending}
          onPress={() => keeping.start(templateOf(name.trim(), form))}
        >
          {ask.keep}
        </Button>
      </Actions>
    </>
  );
}

function templateOf(name: string, form: RequestForm): Template {
  const { purpose, breadth, categories, sources, everywhere, days, note } = form;
  return { name, purpose, breadth, categories, sources, everywhere, days, note };
}

function formOf({ name: _, ...template }: Template): Partial<RequestForm> {
  return template;
}
