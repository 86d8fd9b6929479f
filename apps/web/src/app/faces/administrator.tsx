import { lazy } from "react";
import { Route, Switch } from "wouter";
import { Shell } from "../../page/shell.tsx";
import { NotFound } from "../../parts/not-found.tsx";
import { Late } from "../late.tsx";

const HomeScreen = lazy(() => import("../../administrator/home-screen.tsx"));
const OrganisationScreen = lazy(() => import("../../administrator/organisation-screen.tsx"));
const StaffScreen = lazy(() => import("../../administrator/staff-screen.tsx"));
const UploadsScreen = lazy(() => import("../../administrator/uploads-screen.tsx"));
const AssociationsScreen = lazy(() => import("../../administrator/associations-screen.tsx"));
const AuditScreen = lazy(() => import("../../administrator/audit-screen.tsx"));
const SecurityScreen = lazy(() => import("../../security/security-screen.tsx"));
const SettingsScreen = lazy(() => import("../../settings/settings-screen.tsx"));

/** The screens of somebody who administers an organisation. */
export default function AdministratorFace() {
  return (
    <Shell>
      <Late>
        <Switch>
          <Route path="/" component={HomeScreen} />
          <Route path="/organisation" component={OrganisationScreen} />
          <Route path="/staff" component={StaffScreen} />
          <Route path="/uploads" component={UploadsScreen} />
          <Route path="/associations" component={AssociationsScreen} />
          <Route path="/audit" component={AuditScreen} />
          <Route path="/security" component={SecurityScreen} />
          <Route path="/settings" component={SettingsScreen} />
          <Route component={NotFound} />
        </Switch>
      </Late>
    </Shell>
  );
}
