import { runProgram } from "@salus/service";
import { startDirectory } from "./directory.ts";

const { SERVICE_KEYS: keys, SMS } = process.env;

runProgram({
  name: "directory",
  port: 8081,
  start: (options) => startDirectory({ ...options, keys, sms: SMS === "on" }),
});
