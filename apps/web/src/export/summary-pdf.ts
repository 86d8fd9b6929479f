import { PDFDocument, type PDFFont, type PDFPage, rgb, StandardFonts } from "@cantoo/pdf-lib";
import type { SummaryView } from "../device/portable/portable.ts";
import type { Catalogue } from "../text/catalogue.ts";
import type { Format } from "../text/format.ts";
import { valueWords } from "../text/value-words.ts";

const PAGE: readonly [number, number] = [595.28, 841.89];
const MARGIN = 56;
const INK = rgb(0.11, 0.14, 0.16);
const SOFT = rgb(0.33, 0.36, 0.38);
const SIZES = { title: 20, heading: 13, text: 10, small: 8.5 } as const;
const LEADING = 1.4;

/**
 * A summary as a PDF, made on this device.
 *
 * Gives:   nothing when it has letters that the standard fonts of PDF have not: better none than one
 *          with holes.
 */
export async function summaryPdf(
  view: SummaryView,
  { exporting }: Catalogue,
  format: Format,
): Promise<Blob | undefined> {
  const document = await PDFDocument.create();
  const fonts = {
    text: await document.embedFont(StandardFonts.Helvetica),
    strong: await document.embedFont(StandardFonts.HelveticaBold),
  };
  const writer = new Writer(document, fonts);
  const born = view.birthDate === "" ? "" : format.date(view.birthDate);
  try {
    writer.line(exporting.summary.heading, "strong", SIZES.title);
    writer.line(exporting.summary.of(view.name, born), "strong", SIZES.heading);
    writer.line(exporting.summary.made(format.dateTime(Date.now())), "text", SIZES.small, SOFT);
    if (view.silent.length > 0) {
      const names = view.silent.map((name) => name || exporting.somebody);
      writer.line(exporting.silent(format.list([...new Set(names)])), "strong", SIZES.text);
    }
    for (const name of ["allergies", "medications", "problems"] as const) {
      if (view.sections.some((section) => section.name === name)) continue;
      writer.heading(exporting.sections[name]);
      writer.line(exporting.summary.unknown, "text", SIZES.text);
    }
    for (const { name, lines } of view.sections) {
      writer.heading(exporting.sections[name]);
      for (const { title, values, date } of lines) {
        const when = date === "" ? "" : format.date(date);
        // The fonts that every reader has hold no raised six.
        const value = valueWords({ values }, format).replaceAll("10⁶", "10^6");
        const parts = [title, value, when].filter((part) => part !== "");
        writer.line(parts.join("  ·  "), "text", SIZES.text);
      }
    }
    writer.numberPages(exporting.page);
  } catch (error) {
    if (error instanceof NotInFont) return undefined;
    throw error;
  }
  document.setTitle(exporting.summary.heading);
  document.setCreator("Salus");
  const bytes = await document.save();
  return new Blob([bytes as Uint8Array<ArrayBuffer>], { type: "application/pdf" });
}

/** A letter that a standard font has not. */
class NotInFont extends Error {}

type Fonts = Readonly<Record<"text" | "strong", PDFFont>>;

/** Writes lines from the top of a page to its end, and goes on on the next. */
class Writer {
  readonly #document: PDFDocument;
  readonly #fonts: Fonts;
  readonly #known: ReadonlySet<number>;
  #page: PDFPage;
  #y = 0;

  constructor(document: PDFDocument, fonts: Fonts) {
    this.#document = document;
    this.#fonts = fonts;
    this.#known = new Set(fonts.text.getCharacterSet());
    this.#page = this.#next();
  }

  heading(text: string): void {
    this.#y -= SIZES.heading;
    // A heading does not stand alone at the foot of a page.
    if (this.#y < MARGIN + 4 * SIZES.heading) this.#page = this.#next();
    this.line(text, "strong", SIZES.heading);
  }

  line(text: string, font: keyof Fonts, size: number, color = INK): void {
    for (const part of this.#wrapped(spaced(text), this.#fonts[font], size)) {
      if (this.#y < MARGIN + size) this.#page = this.#next();
      this.#y -= size * LEADING;
      this.#page.drawText(part, { x: MARGIN, y: this.#y, size, font: this.#fonts[font], color });
    }
  }

  numberPages(words: (page: number, pages: number) => string): void {
    const pages = this.#document.getPages();
    for (const [at, page] of pages.entries()) {
      const text = words(at + 1, pages.length);
      const font = this.#fonts.text;
      page.drawText(text, { x: MARGIN, y: MARGIN / 2, size: SIZES.small, font, color: SOFT });
    }
  }

  #wrapped(text: string, font: PDFFont, size: number): readonly string[] {
    for (const sign of text) {
      if (!this.#known.has(sign.codePointAt(0) ?? 0)) throw new NotInFont();
    }
    const room = PAGE[0] - 2 * MARGIN;
    const lines: string[] = [];
    let line = "";
    for (const word of text.split(" ").flatMap((one) => broken(one, font, size, room))) {
      const longer = line === "" ? word : `${line} ${word}`;
      if (font.widthOfTextAtSize(longer, size) <= room) line = longer;
      else {
        lines.push(line);
        line = word;
      }
    }
    return [...lines, line];
  }

  #next(): PDFPage {
    this.#y = PAGE[1] - MARGIN;
    return this.#document.addPage([...PAGE]);
  }
}

/** Spaces and dashes of Unicode as the standard fonts have them. */
function spaced(text: string): string {
  return text.replace(/[\s\u00a0\u202f\u2009]+/g, " ").replace(/[\u2010\u2011]/g, "-");
}

/** A word that is wider than the page, in pieces. */
function broken(word: string, font: PDFFont, size: number, room: number): readonly string[] {
  if (font.widthOfTextAtSize(word, size) <= room) return [word];
  const pieces: string[] = [];
  let piece = "";
  for (const sign of word) {
    if (font.widthOfTextAtSize(piece + sign, size) > room) {
      pieces.push(piece);
      piece = "";
    }
    piece += sign;
  }
  return [...pieces, piece];
}
