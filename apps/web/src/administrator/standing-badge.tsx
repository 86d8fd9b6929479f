import { CircleAlert, CircleCheck, CircleDashed, CirclePause, CircleX } from "lucide-react";
import type { Stands } from "../device/organisation/tree.ts";
import { Badge } from "../parts/chip.tsx";
import { useText } from "../text/text.tsx";

const ICONS = {
  uncertified: CircleDashed,
  good: CircleCheck,
  suspended: CirclePause,
  left: CircleX,
  above: CircleAlert,
};
const TONES = {
  uncertified: "notice",
  good: "plain",
  suspended: "alert",
  left: "plain",
  above: "alert",
} as const;

/** How somebody stands: by a sign and a word. */
export function StandingBadge({ of }: { readonly of: Stands }) {
  const { stands } = useText().administrator.organisation;
  const Icon = ICONS[of];
  return (
    <Badge tone={TONES[of]} icon={<Icon size={16} aria-hidden="true" />}>
      {stands[of]}
    </Badge>
  );
}
