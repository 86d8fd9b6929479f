import { fail, ok } from "@salus/base";
import type { Answering, Asked } from "../http/exchange.ts";
import { allowOnly } from "../http/query.ts";
import { refusal } from "../outcome.ts";
import { project } from "../search/index.ts";
import type { Desk } from "./desk.ts";
import { readProjection } from "./projection.ts";

/** `GET /metadata`, with `mode` as R4 has it. */
export async function metadata({ statements }: Desk, asked: Asked): Answering {
  const { query, preferences } = asked;
  const allowed = allowOnly(query, ["mode", "_summary", "_elements"], preferences);
  if (!allowed.ok) return allowed;
  const mode = query.parameters.findLast(({ name }) => name === "mode")?.value ?? "full";
  const rest = query.parameters.filter(({ name }) => name !== "mode");
  const shown = readProjection({ ...asked, query: { ...query, parameters: rest } });
  if (!shown.ok) return shown;
  const { capability, terminology } = statements();
  if (mode === "terminology") return ok({ status: 200, body: terminology });
  if (mode === "full" || mode === "normative") {
    return ok({ status: 200, body: project(capability, shown.value) });
  }
  const says = "The mode is none of full, normative and terminology.";
  return fail(refusal(400, "value", says, { parameter: "mode" }));
}
