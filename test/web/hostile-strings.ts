// A thousand texts that somebody might write who wants a page to run, show or hide something. None is
// like another, and each has a number by which it is found again.

const RUN = "globalThis.pwned=1";
const EVENTS = [
  ...["error", "load", "click", "mouseover", "focus", "pointerenter", "animationstart", "toggle"],
  ...["beforetoggle", "wheel", "copy", "input", "scroll", "transitionend", "begin", "auxclick"],
  ...["paste", "keydown", "submit", "invalid", "drag", "drop", "touchstart", "message", "resize"],
  ...["hashchange", "securitypolicyviolation", "canplay", "cut", "search", "select", "unload"],
];
const TAGS = [
  "<img src=x on%=§>",
  '<svg on%="§">',
  "<body on%=§>",
  "<input autofocus on%=§>",
  "<details open on%=§><summary>x</summary></details>",
  "<video><source on%=§></video>",
  "<x tabindex=1 id=x on%=§>",
  "<iframe srcdoc='<img on%=§ src=x>'></iframe>",
  "<math><mtext><mglyph><style><img src=x on%=§>",
  "<a href=x on%=§>press</a>",
];
const ENDS = [
  ...[
    '">',
    "'>",
    "`>",
    "--!>",
    "]]>",
    "</textarea>",
    "</title>",
    "</style>",
    "</script>",
    "\u2028",
  ],
  ...["</bdi></p>", "</blockquote></figure>", "\\u003e", "&gt;", "%3E", "\u0000>"],
];
const MARKUP = [
  `<script>${RUN}</script>`,
  `<meta http-equiv=refresh content="0;url=javascript:${RUN}">`,
  "<base href=//evil.example/>",
  `<link rel=stylesheet href=//evil.example/x.css>`,
  `<form action=//evil.example><button>Yes, sign this</button></form>`,
  `<style>*{display:none!important}</style>`,
];
const SCHEMES = [
  ...["javascript:", "JaVaScRiPt:", "java\tscript:", "java\nscript:", "\u0001javascript:"],
  ...["data:text/html,", "data:text/html;base64,", "vbscript:", "blob:", "//evil.example/"],
];
const LINKS = ["%", "[press](%)", "![x](%)", "<%>", "url(%)", "href='%'"];
const TEMPLATES = [
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what somebody else's template has.
  ...["{{%}}", "${%}", "#{%}", "<%= % %>", "{%% % %%}", "[[%]]", "*{%}", "@(%)", "$(%)", "{!% }"],
];
const SUMS = [
  ...["7*7", RUN, "constructor.constructor('globalThis.pwned=1')()", "self", "__proto__", "this"],
  ...["a|safe", "alert`1`", "require('fs')", "#set($x=1)"],
];
const FORMULAS = ["=", "+", "-", "@", "\t=", "\r="];
const COMMANDS = [
  "cmd|'/c calc'!A0",
  'HYPERLINK("//evil.example","press")',
  'IMPORTXML("//evil.example","//a")',
  "1+1",
  "SUM(A1:A9)",
  'WEBSERVICE("//evil.example")',
  "DDE(1)",
  "A1",
  "2+5+cmd|' /C x'!A0",
  'IMAGE("//evil.example/x.png")',
];
const TURNERS = [..."\u202A\u202B\u202D\u202E\u2066\u2067\u2068\u200E\u200F\u061C\u202C\u2069"];
const TURNED = [
  ...[
    "%ecila",
    "no one% reads",
    "%%%%",
    "a%b%c",
    "%\u0627\u0644\u0633\u0644\u0627\u0645",
    "exe%txt",
    "%% %%",
    "1%2%3",
    "(%)",
    "gm%001",
  ],
];
const NOTHINGS = [..."\u200B\u200C\u200D\u2060\uFEFF\u00AD\u180E\u2800\u3164\u115F\u034F\uFFA0"];
const LETTERS = [..."WiMÅ漢ﷺ꧅𒐫字ß"];
const MARKS = ["\u0301", "\u0302\u0334", "\u0E31\u0E47", "\u20E3\u20DD", "\u0670\u0651"];
const EMOJI = [
  ...["👩🏽‍⚕️", "👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🇮🇳", "❤️‍🔥", "🧑🏿‍🤝‍🧑🏻", "1️⃣", "🏳️‍🌈", "👁️‍🗨️", "🫱🏻‍🫲🏿"],
];
const FORMATS = [
  ...["%s%s%n", "%x%x%x%x", "{0}{1}", "\\x1b[2J", "\u001b[31mred", "\u0007", "%00", "\u0000"],
  ...["../../etc/passwd", "'; DROP TABLE records; --", "__proto__", "constructor", "toString"],
  ...["NaN", "Infinity", "-0", "null", "undefined", "true", "[object Object]", "\uFFFE", "\uFFFD"],
];
const OURS = [
  ...["Yes, sign this", "You said no", "Checked by Salus", "None recorded", "Show that it is you"],
  ...["Nobody can read your record", "Everything fits", "Sign in", "No", "Stop it now"],
];
const AROUND = ["\n\n\n%", "✓ %", "%\n\u2028✓ ok", "« % »", "<b>%</b>", "% ".repeat(12)];

const crossed = (patterns: readonly string[], fillings: readonly string[]): readonly string[] =>
  patterns.flatMap((pattern) => fillings.map((filling) => pattern.replaceAll("%", filling)));

const ALL: readonly string[] = [
  ...crossed(TAGS, EVENTS).map((text) => text.replaceAll("§", RUN)),
  ...crossed(
    ENDS.map((end) => `${end}%`),
    MARKUP,
  ),
  ...crossed(
    LINKS,
    SCHEMES.map((scheme) => `${scheme}${RUN}`),
  ),
  ...crossed(TEMPLATES, SUMS),
  ...crossed(
    FORMULAS.map((sign) => `${sign}%`),
    COMMANDS,
  ),
  ...crossed(TURNED, TURNERS),
  ...crossed(["%", "a%b", "%%%%%%%%%%%%%%%%", "Dr%Calm"], NOTHINGS),
  ...LETTERS.flatMap((letter) => [40, 120, 330].map((length) => letter.repeat(length))),
  ...crossed(["Z%", "a%b%c%"], MARKS).map((text) => text.repeat(25)),
  ...crossed(["%", "%%%%%%%%%%%%%%%%%%%%", "a%", "%!"], EMOJI),
  ...FORMATS,
  ...crossed(AROUND, OURS),
  ...crossed(["%", "(%)"], MARKUP.concat(ENDS)),
];

/** What stands before a text, so that it is known which it was. */
export const numberOf = (at: number): string => `h${at}h`;

/** A thousand, the same in every run; what only harms at the beginning of a cell has its number behind. */
export const HOSTILE_STRINGS: readonly string[] = Array.from({ length: 1000 }, (_, at) => {
  const text = ALL[at % ALL.length] ?? "";
  return /^[=+\-@\t\r]/.test(text) ? `${text} ${numberOf(at)}` : `${numberOf(at)} ${text}`;
});

/**
 * Some of them in one text, from a place on and around again.
 *
 * Takes:   `max`, the bytes that the text may have.
 * Gives:   the text, and where to go on.
 */
export function packed(from: number, max: number): readonly [text: string, next: number] {
  let text = HOSTILE_STRINGS[from % 1000] ?? "";
  while (Buffer.byteLength(text) > max) text = [...text].slice(0, -10).join("");
  for (let at = from + 1; ; at += 1) {
    const longer = `${text} ${HOSTILE_STRINGS[at % 1000]}`;
    if (Buffer.byteLength(longer) > max) return [text, at];
    text = longer;
  }
}
