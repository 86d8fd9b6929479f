import { runProgram } from "@salus/service";
import { startDirectory } from "./directory.ts";
import { smsSettings } from "./sms/settings.ts";
import { trustOf } from "./trust.ts";
import { webSettings } from "./web.ts";

const { env } = process;

runProgram({
  name: "directory",
  port: 8081,
  start: async (options) => {
    const own = {
      keys: env.SERVICE_KEYS,
      sms: smsSettings(env),
      web: webSettings(env),
      trust: trustOf(env),
    };
    return startDirectory({ ...options, ...own });
  },
});
