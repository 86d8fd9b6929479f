/** What a step with a file or folder gives, or nothing when there is no such file or folder. */
export function ifPresent<T>(step: () => T): T | undefined {
  try {
    return step();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return undefined;
  }
}
