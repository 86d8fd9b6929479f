import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { salus } from "../running/program.ts";
import { StandingProgram } from "../running/standing-program.ts";

// Goal: a stranger finds out from the program alone what it does, and from the guide the same.
// Method: ask every command for its help, misuse a few, and compare the guide with what was said.

const GUIDE = readFileSync(join(import.meta.dirname, "../../docs/guides/cli.md"), "utf8");
const COMMANDS = [
  ...[
    "demo",
    "serve",
    "directory",
    "web",
    "gateway",
    "signup",
    "login",
    "logout",
    "devices",
    "account",
  ],
  ...[
    "recover",
    "identifiers",
    "import",
    "search",
    "show",
    "export",
    "associate",
    "dissociate",
    "find",
  ],
  ...[
    "request",
    "requests",
    "approve",
    "deny",
    "grants",
    "extend",
    "narrow",
    "revoke",
    "proxy",
    "log",
  ],
  ...["grant", "verify", "inspect", "reindex", "keys", "provider", "org", "invite"],
];

/** What keeps serving has no result but that it answers. */
const SERVERS = ["demo", "serve", "directory serve", "web serve", "gateway"];

const standing = new StandingProgram();
afterAll(() => standing.stop());

interface Helped {
  readonly name: string;
  readonly help: string;
}

/** A command, or all that stand below it, each with its help. */
async function helpsOf(name: string): Promise<readonly Helped[]> {
  const { stdout: help } = await standing.run([...name.split(" "), "--help"]);
  const [, listed = ""] = /^Commands:\n((?: {2}.*\n)+)/m.exec(help) ?? [];
  const words = [...listed.matchAll(/^ {2}([a-z]+)/gm)].map(([, word]) => word);
  if (words.length === 0) return [{ name, help }];
  const below = words.filter((word) => word !== "help").map((word) => helpsOf(`${name} ${word}`));
  return (await Promise.all(below)).flat();
}

describe("help", () => {
  it("lists every command, the first steps and the exit codes, and so does the guide", async () => {
    const { code, stdout } = await salus(["--help"]);
    expect(code).toBe(0);
    const listed = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name);
    expect(listed.filter((name) => name !== "help")).toEqual(COMMANDS);
    for (const command of COMMANDS) expect(GUIDE).toMatch(new RegExp(`\`${command}\\b`));
    const codes = [...stdout.matchAll(/^ +(\d+) {2}(.*)$/gm)];
    expect(codes).toHaveLength(10);
    for (const [, exit, meaning = ""] of codes) expect(GUIDE).toContain(`| ${exit} | ${meaning}`);
  });

  it.each(COMMANDS)("of %s has examples", async (command) => {
    const { code, stdout, stderr } = await standing.run([command, "--help"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(`Usage: salus ${command}`);
    expect(stdout).toMatch(/Examples?:\n {2}\$ salus /);
  });

  it("offers its result to machines, of every command that comes to an end", async () => {
    const all = (await Promise.all(COMMANDS.map(helpsOf))).flat();
    expect(all.length).toBeGreaterThan(60);
    const servers = all.filter(({ help }) => !/^ {2}--json /m.test(help));
    expect(servers.map(({ name }) => name)).toEqual(SERVERS);
    for (const { help } of servers) {
      expect(help.replace(/\s+/g, " ")).toMatch(/says `ready URL`|keep serving/);
    }
  });

  it("says its version", async () => {
    const { stdout } = await salus(["--version"]);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

const HERE = ["--home", "h", "--cloud", "http://127.0.0.1:9"];

describe("misuse", () => {
  it.each([
    [["serach", "Patient"], "Did you mean search?"],
    [["search", "Patient", "--colour", ...HERE], "unknown option '--colour'"],
    [["search", ...HERE], "missing required argument 'query'"],
    [["search", "Patient"], "required option '--home <dir>' not specified"],
    [["search", "Patient", "--home", "h", "--cloud", "ftp://x"], "An address like"],
    [["serve", "--colour"], "unknown option '--colour'"],
    [["demo", "--patients", "many"], "A whole number"],
    [["import", "--home", "h", "--cloud", "http://x"], "missing required argument 'file'"],
    [["signup", "--home", "h", "--role", "patient"], "required option '--login <login>'"],
    [["signup", "--home", "h", "--login", "a", "--name", "A", "--role", "nurse"], "It is one of"],
    [
      ["approve", ...HERE, "--directory", "http://127.0.0.1:9"],
      "missing required argument 'request'",
    ],
    [["org", "found", ...HERE], "missing required argument 'node'"],
    [["directory", "serve", "--colour"], "unknown option '--colour'"],
    [["keys", "steal", "--home", "h"], "too many arguments"],
  ])("%j ends with 2 and a hint, and no stack", async (args, words) => {
    const { code, stdout, stderr } = await salus(args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(words);
    expect(stderr).toMatch(/See `salus( \w+)? --help`/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it("of a file that is not there ends with 7", async () => {
    const args = ["import", "no-such-file.json", "--home", "h", "--cloud", "http://127.0.0.1:9"];
    const { code, stderr } = await salus(args);
    expect([code, stderr]).toEqual([7, expect.stringContaining("there is no file")]);
  });
});
