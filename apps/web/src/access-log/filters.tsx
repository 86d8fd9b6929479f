import type { ReaderName } from "../device/deciding/names.ts";
import type { LogItem } from "../device/log/trail-view.ts";
import { Chip, RemovableChip } from "../parts/chip.tsx";
import { Select } from "../parts/select.tsx";
import type { Catalogue } from "../text/catalogue.ts";
import { useText } from "../text/text.tsx";
import { type LogFilter, whoOf } from "./shown-items.ts";

const GROUPS = ["all", "reading", "deciding"] as const;
const EVERYBODY = "everybody";

/** What of the log is shown. */
export function Filters({
  items,
  filter,
  onChange,
}: {
  readonly items: readonly LogItem[];
  readonly filter: LogFilter;
  readonly onChange: (filter: LogFilter) => void;
}) {
  const text = useText();
  const { accessLog, parts } = text;
  const people = new Map(items.map((item) => [whoOf(item), nameOf(item.who, text)]));
  const findings = items.some((item) => item.findings.length > 0);
  return (
    <div className="salus-filters">
      <fieldset className="salus-chips" aria-label={accessLog.filters}>
        {GROUPS.map((group) => (
          <Chip
            key={group}
            isOn={filter.group === group}
            onChange={() => onChange({ ...filter, group })}
          >
            {accessLog.groups[group]}
          </Chip>
        ))}
        {findings && (
          <Chip
            isOn={filter.onlyFindings}
            onChange={(onlyFindings) => onChange({ ...filter, onlyFindings })}
          >
            {accessLog.onlyFindings}
          </Chip>
        )}
        {filter.access !== undefined && (
          <RemovableChip
            removeLabel={`${parts.all}: ${accessLog.onlyAccess}`}
            onRemove={() => onChange({ ...filter, access: undefined })}
          >
            {accessLog.onlyAccess}
          </RemovableChip>
        )}
      </fieldset>
      {people.size > 1 && (
        <Select
          label={accessLog.who}
          value={filter.who ?? EVERYBODY}
          onChange={(who) => onChange({ ...filter, who: who === EVERYBODY ? undefined : who })}
          choices={[
            { value: EVERYBODY, label: accessLog.everybody },
            ...[...people].map(([value, label]) => ({ value, label })),
          ]}
        />
      )}
    </div>
  );
}

const NAME_SHOWN = 60;

/** In a list of choices, which has no boxes: each name ends its own direction of writing. */
function nameOf(who: ReaderName | undefined, { accessLog, deciding }: Catalogue): string {
  if (who === undefined) return accessLog.nobody;
  if (who.kind === "unknown") return `${deciding.unknownReader} (${deciding.keyOf(who.key)})`;
  return `\u2068${[...who.name].slice(0, NAME_SHOWN).join("")}\u2069`;
}
