import { Route, Switch } from "wouter";
import { NotFound } from "../not-found.tsx";
import { Shell } from "../shell.tsx";

/** The screens of somebody who administers an organisation. */
export default function AdministratorFace() {
  return (
    <Shell>
      <Switch>
        <Route component={NotFound} />
      </Switch>
    </Shell>
  );
}
