import { useLocation } from "wouter";
import type { DemoPerson } from "../device/account/demo.ts";
import { device } from "../page/call.ts";
import { useSession } from "../page/session.tsx";
import { type Asked, useAsk, useDo } from "../page/use-ask.ts";
import { Button, ButtonLink } from "../parts/button.tsx";
import { Card, Page } from "../parts/page.tsx";
import { Failure, Nothing, Waiting } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";

/** Of a demonstration only: whom to be. */
export default function DemoScreen() {
  const { demo } = useText();
  const people = useAsk(() => device().account.demoPeople(), []);
  return (
    <Page title={demo.title} lead={demo.lead}>
      <People asked={people} />
      <p>
        <ButtonLink kind="quiet" to="/">
          {demo.signIn}
        </ButtonLink>
      </p>
    </Page>
  );
}

function People({ asked }: { readonly asked: Asked<readonly DemoPerson[]> }) {
  const { demo } = useText();
  switch (asked.state) {
    case "loading":
      return <Waiting for={demo.people} lines={5} />;
    case "failed":
      return asked.problem.kind === "not-found" ? (
        <Nothing title={demo.notYet} />
      ) : (
        <Failure of={asked.problem} onAgain={asked.again} />
      );
    case "ready":
      return <Choices people={asked.view} />;
  }
}

function Choices({ people }: { readonly people: readonly DemoPerson[] }) {
  const { demo, shell } = useText();
  const { enter } = useSession();
  const [, go] = useLocation();
  const being = useDo(device().account.demoBe, (entered) => {
    if (entered.step !== "in") return go("/");
    enter(entered.who);
    go("/");
  });
  return (
    <>
      {being.problem && <Failure of={being.problem} />}
      {people.map((person) => (
        <Card key={person.login} label={person.name}>
          <div>
            <h2>
              <bdi>{person.name}</bdi>
            </h2>
            <p className="salus-row-detail">
              {shell.roles[person.role]}
              {person.organisation !== "" && ` · ${person.organisation}`}
            </p>
          </div>
          <p>{demo[person.role]}</p>
          <div>
            <Button
              kind="main"
              isPending={being.isPending}
              onPress={() => being.start(person.login)}
            >
              {demo.be(person.name)}
            </Button>
          </div>
        </Card>
      ))}
      {people[0] && <p className="salus-row-detail">{demo.password(people[0].password)}</p>}
    </>
  );
}
