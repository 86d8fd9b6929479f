export const importing = {
  lead: "What you bring yourself is sealed on this device like everything else, and marked as brought by you.",
  file: {
    title: "Records from elsewhere",
    lead: "A file that another hospital or another app gave you: FHIR, as JSON or NDJSON, also gzipped.",
    choose: "Choose a file",
    action: "Add the records",
  },
  table: {
    title: "Measurements in a table",
    lead: "A CSV file with a column for the date and one for each measurement: blood pressure, glucose, weight, temperature, pulse, oxygen.",
    choose: "Choose a table",
    found: (rows: string, refused: string) =>
      `${rows} measurements found, ${refused} rows not read.`,
    action: (rows: string) => `Add ${rows} measurements`,
    noTime: "No column says when. Give one the head “Date”.",
    noMeasurements:
      "No column is a measurement. Heads such as “Systolic”, “Diastolic”, “Glucose (mg/dL)”, “Weight (kg)” are understood.",
  },
  document: {
    title: "Documents and photos",
    lead: "A letter, a report, a photo. At most 5 MB each.",
    choose: "Choose documents",
    name: "What it is",
    date: "Of when",
    action: "Add it",
    tooLarge: (name: string) => `“${name}” is larger than 5 MB.`,
    shared: "Another app has shared these with Salus. Nothing is kept before you add it.",
    again: "What was shared is gone. Share it again, or choose it here.",
  },
  progress: (count: string) => `${count} records are in`,
  done: (taken: string, unchanged: string) =>
    unchanged === "0"
      ? `${taken} added to your record.`
      : `${taken} added to your record, ${unchanged} were there already.`,
  refused: (count: string) => `${count} could not be added:`,
  moreRefused: (count: string) => `and ${count} more`,
  place: (line: string, entry: string) =>
    entry === "" ? `line ${line}` : `line ${line}, entry ${entry}`,
  reasons: {
    "not-json": "is not JSON",
    truncated: "ends in the middle",
    "too-large": "is too large",
    empty: "is empty",
    "damaged-gzip": "is a damaged archive",
    "unreadable-file": "cannot be read",
    "not-a-resource": "is no FHIR resource",
    "bad-id": "has an id that FHIR does not allow",
    "unsupported-bundle": "is a list of what once was, not of records",
    "unsupported-request": "asks to delete something",
    "too-deep": "is nested too deeply",
    unsupported: "is of a kind that a health record does not have",
    "no-time": "does not say when",
    "no-number": "has no number",
    implausible: "is not a value that a person can have",
  } as Readonly<Record<string, string>>,
  otherReason: "could not be read",
};
