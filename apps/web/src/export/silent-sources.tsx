import { Silent } from "../parts/states.tsx";
import { useFormat, useText } from "../text/text.tsx";

/** Says whose records may be missing from what was made; nothing when everybody answered. */
export function SilentSources({ names }: { readonly names: readonly string[] }) {
  const { exporting } = useText();
  const format = useFormat();
  if (names.length === 0) return null;
  const called = names.map((name) => (name === "" ? exporting.somebody : name));
  return <Silent title={exporting.silent(format.list([...new Set(called)]))} />;
}
