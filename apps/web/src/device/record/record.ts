import { home, trends } from "./home.ts";
import { item } from "./items.ts";
import { chapter, chapters, sources, timeline } from "./lists.ts";
import { annotate, correct, measure, measured, measurements, remove } from "./own.ts";
import { codes, readText, search, writeText } from "./search.ts";
import { series } from "./series.ts";

/** Her record, as she reads it, and what she writes into it herself. */
export const record = {
  home,
  trends,
  chapters,
  chapter,
  timeline,
  sources,
  item,
  series,
  search,
  readText,
  writeText,
  codes,
  measurements,
  measured,
  measure,
  correct,
  remove,
  annotate,
};
