import { useSyncExternalStore } from "react";
import { Button } from "../parts/button.tsx";
import { useText } from "../text/text.tsx";

/** Begins the version that waits, once there is one. */
let begin: (() => void) | undefined;
const listeners = new Set<() => void>();

/** A newer version waits: nobody's work is broken off by it. */
export function tellNewer(start: () => void): void {
  begin = start;
  for (const listener of listeners) listener();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Says that a newer version is ready, and begins it when she wants. */
export function Newer() {
  const { shell } = useText();
  const start = useSyncExternalStore(listen, () => begin);
  if (start === undefined) return null;
  return (
    <div className="salus-newer" role="status">
      <p>
        <strong>{shell.newer.title}</strong> {shell.newer.lead}
      </p>
      <Button onPress={start}>{shell.newer.begin}</Button>
    </div>
  );
}
