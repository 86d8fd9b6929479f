import { useSession } from "../page/session.tsx";
import { useText } from "../text/text.tsx";

/** What the source is called that the patient herself is: "you", unless the record is another's. */
export function useOwnName(): string {
  const { record } = useText();
  const { reading } = useSession();
  return reading === undefined ? record.own : record.herself;
}
