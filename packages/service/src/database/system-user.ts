import { spawnSync } from "node:child_process";
import { StartFailure } from "../start-failure.ts";

/** Under whom the server runs. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Who runs the server: whoever runs us, except that PostgreSQL refuses to be run by root. Then it is
 * the system's user `postgres` where there is one, else a user of our own.
 *
 * Gives:   nothing when no other user is needed.
 * Fails:   `no-system-user`.
 */
export function serverUser(): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const found = look("postgres") ?? look("salus") ?? create("salus");
  if (found === undefined) {
    throw new StartFailure(
      "no-system-user",
      "PostgreSQL does not run as root, and no user could be made for it: " +
        "run as another user, make a system user `salus`, or give DATABASE_URL",
    );
  }
  return found;
}

function look(name: string): SystemUser | undefined {
  const [uid, gid] = ["-u", "-g"].map((option) => {
    const { status, stdout } = spawnSync("id", [option, name], { encoding: "utf8" });
    return status === 0 ? Number(stdout) : 0;
  });
  return uid && gid ? { uid, gid } : undefined;
}

function create(name: string): SystemUser | undefined {
  const options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"];
  spawnSync("useradd", [...options, "--shell", "/usr/sbin/nologin", name]);
  return look(name);
}

/** Whether a user can read a file or enter a folder, asked of the system itself. */
export function canRead(user: SystemUser, path: string): boolean {
  const test = 'if [ -d "$1" ]; then [ -x "$1" ]; else [ -r "$1" ]; fi';
  const { status } = spawnSync("/bin/sh", ["-c", test, "sh", path], { ...user, cwd: "/" });
  return status === 0;
}
