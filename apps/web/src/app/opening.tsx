import { Waiting } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";

/** While the code of a screen is fetched. */
export function Opening() {
  const text = useText();
  return <Waiting for={text.shell.name} />;
}
