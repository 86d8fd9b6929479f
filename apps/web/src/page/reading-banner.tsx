import { Users } from "lucide-react";
import { useLocation } from "wouter";
import { Told } from "../deciding/told.tsx";
import type { OthersRecord } from "../device/proxies/others.ts";
import { Button } from "../parts/button.tsx";
import { Failure } from "../parts/states.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { device } from "./call.ts";
import { useSession } from "./session.tsx";
import { useDo } from "./use-ask.ts";

/** Whose record everything below is, on every screen, as long as it is not her own. */
export function ReadingBanner({ of }: { readonly of: OthersRecord }) {
  const { proxies } = useText();
  const format = useFormat();
  const { setReading } = useSession();
  const [, go] = useLocation();
  const leaving = useDo(
    () => device().proxies.read(),
    () => {
      setReading(undefined);
      go("/");
    },
  );
  return (
    <section className="salus-reading" aria-label={proxies.banner}>
      <Users size={22} aria-hidden="true" />
      <p>
        <strong>
          <Told>{proxies.recordOf(of.name ?? proxies.unnamed)}</Told>
        </strong>
        <span>{proxies.readUntil(format.dateTime(of.until))}</span>
      </p>
      <Button onPress={() => leaving.start()} isPending={leaving.isPending}>
        {proxies.back}
      </Button>
      {leaving.problem && <Failure of={leaving.problem} />}
    </section>
  );
}
