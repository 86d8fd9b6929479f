import { runProgram, StartFailure } from "@salus/service";
import { startDirectory } from "./directory.ts";
import { smsSettings } from "./sms/settings.ts";
import { TRUST_OPTIONS, trustOf } from "./trust.ts";
import { webSettings } from "./web.ts";

const { env } = process;

runProgram({
  name: "directory",
  port: 8081,
  further: TRUST_OPTIONS,
  start: async (options, given) => {
    const own = {
      keys: env.SERVICE_KEYS,
      sms: smsSettings(env),
      web: webSettings(env),
      trust: trustOf(env, given),
      signUpsPerHour: signUpsPerHour(env),
    };
    return startDirectory({ ...options, ...own });
  },
});

function signUpsPerHour({ SIGN_UPS_PER_HOUR: text }: NodeJS.ProcessEnv): number | undefined {
  if (text === undefined || text === "") return undefined;
  const count = Number(text);
  if (Number.isInteger(count) && count >= 0 && count <= 1_000_000_000) return count;
  throw new StartFailure("bad-option", "SIGN_UPS_PER_HOUR is a number of sign-ups");
}
