/** Note one line: what happened, and no path, address or value. */
export type Note = (line: Readonly<Record<string, string | number | undefined>>) => void;

/** Where lines go. */
export interface LogStream {
  write(line: string): unknown;
}

/** Note as the services do, one object of JSON a line. */
export function noteTo(stream: LogStream): Note {
  return (line) => {
    stream.write(`${JSON.stringify({ time: Date.now(), ...line })}\n`);
  };
}
