import { lazy } from "react";
import { Route, Switch } from "wouter";
import { Shell } from "../../page/shell.tsx";
import { NotFound } from "../../parts/not-found.tsx";
import { Late } from "../late.tsx";

const HomeScreen = lazy(() => import("../../practitioner/home-screen.tsx"));
const PatientsScreen = lazy(() => import("../../practitioner/patients-screen.tsx"));
const FindScreen = lazy(() => import("../../practitioner/find-screen.tsx"));
const AskScreen = lazy(() => import("../../practitioner/ask-screen.tsx"));
const ChartScreen = lazy(() => import("../../practitioner/chart-screen.tsx"));
const QuestionsScreen = lazy(() => import("../../practitioner/questions-screen.tsx"));
const SecurityScreen = lazy(() => import("../../security/security-screen.tsx"));
const SettingsScreen = lazy(() => import("../../settings/settings-screen.tsx"));

/** The screens of somebody who treats patients. */
export default function PractitionerFace() {
  return (
    <Shell>
      <Late>
        <Switch>
          <Route path="/" component={HomeScreen} />
          <Route path="/patients" component={PatientsScreen} />
          <Route path="/find" component={FindScreen} />
          <Route path="/ask/:id" component={AskScreen} />
          <Route path="/patients/:vault/:part?" component={ChartScreen} />
          <Route path="/questions" component={QuestionsScreen} />
          <Route path="/security" component={SecurityScreen} />
          <Route path="/settings" component={SettingsScreen} />
          <Route component={NotFound} />
        </Switch>
      </Late>
    </Shell>
  );
}
