/** What is told when another version of the application is there. Takes: `begin`, to load it. */
export type OnNewer = (begin: () => void) => void;

/**
 * Have the application kept in this browser.
 *
 * A version that comes later waits until it is begun, or until no page is open: the files of the one that runs stay as
 * long as somebody works with it. Where service workers are not to be had, nothing happens.
 */
export async function registerServiceWorker(onNewer: OnNewer): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const { serviceWorker } = navigator;
  const options = { updateViaCache: "none" } as const;
  // The policy of `trusted-types.ts` lets this script pass, and its worker's.
  const registration = await serviceWorker
    .register("/service-worker.js", options)
    .catch(() => undefined);
  if (registration === undefined) return;
  const tell = (worker: ServiceWorker): void => {
    onNewer(() => {
      serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
      worker.postMessage({ kind: "begin" });
    });
  };
  if (registration.waiting !== null && serviceWorker.controller !== null) {
    tell(registration.waiting);
  }
  registration.addEventListener("updatefound", () => {
    const { installing } = registration;
    installing?.addEventListener("statechange", () => {
      // Without a controller it is the first one, and there is nothing older to leave.
      const isNewer = installing.state === "installed" && serviceWorker.controller !== null;
      if (isNewer) tell(installing);
    });
  });
}

/**
 * Documents that another program has shared with this one.
 *
 * Gives:   each once, to the first page that asks; none when there are none, or they were forgotten.
 */
export async function sharedDocuments(): Promise<readonly File[]> {
  const worker = navigator.serviceWorker?.controller;
  if (!worker) return [];
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise<readonly File[]>((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<readonly File[]>) => resolve(data);
    setTimeout(() => resolve([]), ANSWER_MS);
  });
  worker.postMessage({ kind: "documents" }, [port2]);
  return answer.finally(() => port1.close());
}

const ANSWER_MS = 5_000;
