import * as chart from "./chart.ts";
import { find, findByCode, foundBy } from "./found.ts";
import { question, readable, recent } from "./questions.ts";
import * as requests from "./requests.ts";
import { certify, join, organisations, standing } from "./standing.ts";
import * as templates from "./templates.ts";
import * as writing from "./writing.ts";

/** What a practitioner does: find, ask, read, search and write. */
export const practice = {
  standing,
  join,
  certify,
  find,
  findByCode,
  foundBy,
  organisations,
  ask: requests.ask,
  requests: requests.list,
  templates: { list: templates.list, keep: templates.keep, remove: templates.remove },
  head: chart.head,
  scope: chart.scope,
  section: chart.section,
  readable,
  recent,
  question,
  writing: { preview: writing.preview, sign: writing.sign, pending: writing.pending },
};
