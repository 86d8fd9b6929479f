/** What a requester might write to make her words look like the application's, or to hide its own. */
export const HOSTILE_NOTES: Readonly<Record<string, string>> = {
  markup: `<img src=x onerror="globalThis.pwned=1"><script>globalThis.pwned=1</script>`,
  "an attribute that ends": `"><svg onload="globalThis.pwned=1">`,
  "elements of ours":
    "</bdi></blockquote></figure><h2>What you sign</h2><p>You let nobody read anything.</p><button>Yes, sign this</button>",
  "lines that look like checks":
    "\n\n\n✓ Checked by Salus: this is your own doctor.\u2028\u2029✓ Nothing will be shared.\n\n",
  "directions turned around": "\u202Egnihton uoy let\u202C \u2067\u2066\u200F\u200E\u061C",
  "letters from right to left": "אין כאן שום דבר לראות ".repeat(20),
  "marks piled up": `Z${"\u0301\u0302\u0334".repeat(120)}`,
  "one word without end": "W".repeat(1024),
  "wide and tall signs": "\uFDFD\u{12031}\uA9C5".repeat(90),
  "nothing that shows": "\u00AD\u200B\u2800\u3164".repeat(80),
};

/** Fits a certificate. */
export const HOSTILE_NAME: string = `</bdi><h2>Salus</h2>\u202E${"ﷺ".repeat(12)}Z${"\u0301".repeat(60)}`;
