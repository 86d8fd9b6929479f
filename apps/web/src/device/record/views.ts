import type { DescribedValue, Detail } from "@salus/health";
import type { SourceStatus } from "@salus/protocol";
import type { Problem } from "../problem.ts";
import type { ChapterName } from "./chapters.ts";

/** Who wrote a record, as it is shown beside it. */
export interface FromView {
  /** The source's handle in this vault, in hexadecimal. */
  readonly source: string;
  /** By the registry; nothing where the key is certified nowhere. */
  readonly name: string | undefined;
  /** The physician or department who signed it, by the registry. */
  readonly author: string | undefined;
  /** `own`: herself. `inferred`: the hospital did not say it, it was found at an import. */
  readonly how: "own" | "stated" | "inferred";
}

/** A record as a list shows it: texts of others, bounded, to be shown as text. */
export interface Line {
  readonly handle: string;
  readonly type: string;
  readonly chapter: ChapterName;
  readonly title: string;
  /** The code of LOINC whose name the title is; empty where whoever wrote it has said it otherwise. */
  readonly loinc: string;
  /** As FHIR writes it; empty where there is none. */
  readonly date: string;
  readonly end: string;
  readonly status: string;
  readonly values: readonly DescribedValue[];
  /** What else says most about it. */
  readonly detail: Detail | undefined;
  readonly from: FromView;
}

/** Whether a source has answered a question. */
export interface SourceView {
  readonly source: string;
  readonly name: string | undefined;
  readonly own: boolean;
  readonly status: SourceStatus;
}

/** What an answer covers: without it, "none" could mean anything. */
export interface Coverage {
  readonly sources: readonly SourceView[];
  /** Why the answer is not whole, where the cloud could not be asked at all. */
  readonly problem: Problem | undefined;
  /** Records that were left out because they are not what they claim to be. */
  readonly leftOut: number;
}

/** What was asked, for whoever wonders what the cloud saw of it. */
export interface Asked {
  readonly queries: readonly string[];
  /** Marks of the exchanges before and after. */
  readonly after: number;
  readonly until: number;
}

/** What every answer carries. `seen`: when it was so, where the services did not answer now. */
export interface Answered {
  readonly coverage: Coverage;
  readonly asked: Asked;
  readonly seen: number | undefined;
}

/** Some records of a longer list, the newest first. */
export interface ListView extends Answered {
  readonly lines: readonly Line[];
  /** Where in the list these begin. */
  readonly start: number;
  /** How many there are, once the end was reached. */
  readonly total: number | undefined;
}

/** A code with its latest values. */
export interface ResultView {
  /** The record that leads to all values of the code. */
  readonly handle: string;
  readonly title: string;
  readonly latest: Line;
  /** Oldest first, of the first value of each. */
  readonly trend: readonly { readonly time: number; readonly number: number }[];
}

/** Some records, and whether there are more than these. */
export interface FewView {
  readonly lines: readonly Line[];
  readonly more: boolean;
}

/** What was measured last, and how it went. */
export interface TrendsView {
  readonly results: readonly ResultView[];
  readonly vitals: readonly ResultView[];
}

export interface HomeView extends Answered, TrendsView {
  readonly allergies: FewView;
  readonly problems: FewView;
  readonly medications: FewView;
}

export interface ChapterView {
  readonly name: ChapterName;
  readonly count: number;
  /** There are more than were counted. */
  readonly more: boolean;
  readonly latest: Line | undefined;
}

export interface ChaptersView extends Answered {
  readonly chapters: readonly ChapterView[];
}

/** One value of a series. */
export interface PointView {
  readonly handle: string;
  readonly date: string;
  readonly time: number;
  readonly value: number;
  readonly comparator: string;
  readonly interpretation: string;
  readonly from: FromView;
}

/** All values of one code in one unit, oldest first. */
export interface SeriesView {
  readonly title: string;
  readonly loinc: string;
  readonly unit: string;
  /** By the newest record that gives one. */
  readonly low: number | undefined;
  readonly high: number | undefined;
  readonly points: readonly PointView[];
}

export interface ResultSeriesView extends Answered {
  readonly title: string;
  readonly loinc: string;
  readonly series: readonly SeriesView[];
}

/** What she has said beside a record. */
export interface NoteView {
  readonly handle: string;
  readonly text: string;
  readonly date: string;
}

/** Something that a document brings with it. */
export interface AttachmentView {
  readonly title: string;
  readonly type: string;
  readonly bytes: number;
  /** Of text, bounded. */
  readonly text: string | undefined;
  /** To be kept as a file: base64, where it is small enough. */
  readonly data: string | undefined;
}

export interface ItemView extends Answered {
  readonly line: Line;
  readonly details: readonly Detail[];
  readonly codes: readonly {
    readonly system: string;
    readonly code: string;
    readonly display: string;
  }[];
  readonly attachments: readonly AttachmentView[];
  readonly notes: readonly NoteView[];
  /** The resource as it was written, indented; bounded. */
  readonly raw: string;
  readonly rawIsCut: boolean;
  readonly revision: number;
  /** Whether there are numbers to draw. */
  readonly hasSeries: boolean;
}
