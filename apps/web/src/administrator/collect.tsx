import { CircleAlert, CircleCheck, RefreshCw } from "lucide-react";
import { useState } from "react";
import type { CollectedView } from "../device/organisation/staff.ts";
import { device } from "../page/call.ts";
import { useDo } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Row, Rows } from "../parts/rows.tsx";
import { Failure } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";

/** Collects what came in answer to invitations, and says what came. */
export function Collect({ onDone }: { readonly onDone: () => void }) {
  const { staff } = useText().administrator;
  const [came, setCame] = useState<readonly CollectedView[]>();
  const collecting = useDo(
    () => device().organisation.collect(),
    (collected) => {
      setCame(collected);
      onDone();
    },
  );
  return (
    <>
      <Actions>
        <Button kind="main" isPending={collecting.isPending} onPress={() => collecting.start()}>
          <RefreshCw size={18} aria-hidden="true" />
          {staff.collect}
        </Button>
        {came?.length === 0 && <span role="status">{staff.nothingCame}</span>}
      </Actions>
      {collecting.problem && <Failure of={collecting.problem} />}
      {came !== undefined && came.length > 0 && (
        <div role="status">
          <Rows label={staff.collected}>
            {came.map((one) => (
              <Came key={`${one.kind} ${one.name}`} of={one} />
            ))}
          </Rows>
        </div>
      )}
    </>
  );
}

function Came({ of }: { readonly of: CollectedView }) {
  const { staff } = useText().administrator;
  const isRefused = of.kind === "refused";
  const Icon = isRefused ? CircleAlert : CircleCheck;
  return (
    <Row
      title={
        <span className="salus-with-icon" data-tone={isRefused ? "alert" : "good"}>
          <Icon size={18} aria-hidden="true" />
          <bdi>{staff[of.kind](of.name)}</bdi>
        </span>
      }
      {...(isRefused && { detail: staff.refusedMore })}
    />
  );
}
