import { type Remote, wrap } from "comlink";
import type { Device } from "../device/device.ts";
import type { Guarded } from "../device/worker.ts";

/** The device as the page sees it: every function answers later. */
export type Called<T> = {
  readonly [Name in keyof T]: T[Name] extends (...given: infer Given) => infer Gives
    ? (...given: Given) => Promise<Awaited<Gives>>
    : Called<T[Name]>;
};

/** The path of the worker's script, which the build names by its content. */
declare const DEVICE_SCRIPT: string;

interface Running {
  readonly worker: Worker;
  readonly device: Called<Device>;
}

/** The only thing that the page's modules keep: a way to the worker, not what it holds. */
let running: Running | undefined;

/** The device, started when it is first asked: before that the page holds no cryptography. */
export function device(): Called<Device> {
  if (running === undefined) {
    const worker = new Worker(DEVICE_SCRIPT, { type: "module", name: "device" });
    running = { worker, device: named(wrap<Guarded>(worker), []) as Called<Device> };
  }
  return running.device;
}

/** End the worker, and with it every key and everything that was decrypted. */
export function endDevice(): void {
  running?.worker.terminate();
  running = undefined;
}

/** Collects the names that lead to a function, and calls it by them. */
function named(guarded: Remote<Guarded>, path: readonly string[]): unknown {
  return new Proxy(() => {}, {
    get: (_, name) => named(guarded, [...path, String(name)]),
    apply: (_, __, given) => guarded(path, given as readonly unknown[]),
  });
}
