import { runProgram } from "@salus/service";
import { startCloud } from "./cloud.ts";

runProgram({ name: "cloud", port: 8080, start: startCloud });
