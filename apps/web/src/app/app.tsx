import { lazy } from "react";
import { Route, Switch } from "wouter";
import { Sessions, useSession } from "../page/session.tsx";
import { Front } from "../page/shell.tsx";
import { SignInScreen } from "../sign-in/sign-in-screen.tsx";
import { Speaking } from "../text/text.tsx";
import { Late } from "./late.tsx";

const SignUpScreen = lazy(() => import("../sign-up/sign-up-screen.tsx"));
const RecoverScreen = lazy(() => import("../recover/recover-screen.tsx"));
const DemoScreen = lazy(() => import("../demo/demo-screen.tsx"));

/** Each role has a face of its own, fetched when somebody is signed in as that. */
const FACES = {
  patient: lazy(() => import("./faces/patient.tsx")),
  practitioner: lazy(() => import("./faces/practitioner.tsx")),
  administrator: lazy(() => import("./faces/administrator.tsx")),
};

export function App() {
  return (
    <Speaking>
      <Sessions>
        <Screens />
      </Sessions>
    </Speaking>
  );
}

function Screens() {
  const { session } = useSession();
  if (session.state === "in") {
    const Face = FACES[session.who.role];
    return (
      <Late frame={Front}>
        <Face />
      </Late>
    );
  }
  return (
    <Front>
      <Late>
        <Switch>
          <Route path="/sign-up" component={SignUpScreen} />
          <Route path="/recover" component={RecoverScreen} />
          <Route path="/demo" component={DemoScreen} />
          {/* Whatever the address is: after signing in it leads where it says. */}
          <Route component={SignInScreen} />
        </Switch>
      </Late>
    </Front>
  );
}
