/** Let the browser save something as a file. It is in the clear there: whoever asks for it is told so. */
export function saveFile(
  name: string,
  type: string,
  content: string | Uint8Array<ArrayBuffer>,
): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken what it needs when the click has returned; some take a moment longer.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
