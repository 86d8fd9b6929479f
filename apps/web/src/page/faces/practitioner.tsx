import { Route, Switch } from "wouter";
import { NotFound } from "../not-found.tsx";
import { Shell } from "../shell.tsx";

/** The screens of somebody who treats patients. */
export default function PractitionerFace() {
  return (
    <Shell>
      <Switch>
        <Route component={NotFound} />
      </Switch>
    </Shell>
  );
}
