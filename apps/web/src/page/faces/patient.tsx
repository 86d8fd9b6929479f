import { Route, Switch } from "wouter";
import { NotFound } from "../not-found.tsx";
import { Shell } from "../shell.tsx";

/** The screens of somebody whose record this is. */
export default function PatientFace() {
  return (
    <Shell>
      <Switch>
        <Route component={NotFound} />
      </Switch>
    </Shell>
  );
}
