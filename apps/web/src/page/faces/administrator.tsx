import { lazy, Suspense } from "react";
import { Route, Switch } from "wouter";
import { NotFound } from "../not-found.tsx";
import { Opening } from "../opening.tsx";
import { Shell } from "../shell.tsx";

const SecurityScreen = lazy(() => import("../../security/security-screen.tsx"));
const SettingsScreen = lazy(() => import("../../settings/settings-screen.tsx"));

/** The screens of somebody who administers an organisation. */
export default function AdministratorFace() {
  return (
    <Shell>
      <Suspense fallback={<Opening />}>
        <Switch>
          <Route path="/security" component={SecurityScreen} />
          <Route path="/settings" component={SettingsScreen} />
          <Route component={NotFound} />
        </Switch>
      </Suspense>
    </Shell>
  );
}
