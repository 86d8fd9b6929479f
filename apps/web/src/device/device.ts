import { account } from "./account/account.ts";
import { bringing } from "./bringing/bringing.ts";
import { cloudView } from "./cloud-view/cloud-view.ts";
import { log } from "./log/log.ts";
import { organisation } from "./organisation/organisation.ts";
import { portable } from "./portable/portable.ts";
import { practice } from "./practice/practice.ts";
import { proxies } from "./proxies/proxies.ts";
import { record } from "./record/record.ts";
import { requests } from "./requests/requests.ts";
import { sharing } from "./sharing/sharing.ts";
import { identifiers } from "./sources/identifiers.ts";
import { sources } from "./sources/sources.ts";

/**
 * Everything that the page may ask: it holds the keys, and the page gets views.
 *
 * Every function gives a `Result` whose values are plain; a failure is a `Problem`.
 */
export const device = {
  account,
  bringing,
  cloudView,
  identifiers,
  log,
  organisation,
  portable,
  proxies,
  record,
  requests,
  sharing,
  sources,
  practice,
};

export type Device = typeof device;
