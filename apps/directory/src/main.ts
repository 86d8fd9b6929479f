import { runProgram } from "@salus/service";
import { startDirectory } from "./directory.ts";

runProgram({ name: "directory", port: 8081, start: startDirectory });
