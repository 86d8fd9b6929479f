import type { SensitiveCategory } from "./category.ts";

/**
 * Codes that make a record sensitive, by code system. Part of policy version 1: a code added here
 * moves records to another category and needs a new version.
 *
 * Violence is mental-health, sexual violence sexual-health; HIV and pregnancy are sexual-health.
 * Chosen by reading the published definitions of the codes; where in doubt, a code is in.
 */
type CodesByCategory = Readonly<Partial<Record<SensitiveCategory, string>>>;

const LOINC: CodesByCategory = {
  "mental-health":
    "44249-1 44261-6 55758-7 69725-0 69737-5 70274-6 89204-2 71354-5 99046-5 73831-0 73832-8 " +
    "93373-9 44250-9 44255-8 44259-0 44254-1 44251-7 44258-2 44252-5 44253-3 44260-8 69728-4 " +
    "68509-9 69734-2 69735-9 69689-8 69736-7 72106-8 72172-0 28245-9 76499-3 76500-8 76501-6 " +
    "76502-4 76503-2 95618-5 95614-4 71777-7 88335-5 10190-7",
  "sexual-health":
    "7917-8 7918-6 29893-5 31201-7 48345-3 56888-1 75622-1 57975-5 80203-3 89374-3 89365-1 " +
    "20447-9 25836-8 70241-5 59419-2 62469-2 48510-2 24467-3 54218-3 55277-8 21331-4 43304-5 " +
    "21613-5 43305-2 24111-7 21416-3 20507-0 22461-8 31147-2 5292-8 17723-8 6349-5 11084-1 " +
    "2106-3 2118-8 21198-7 19080-1 82810-3 11449-6 11640-0 11996-6 11779-6 11778-8 76690-7 " +
    "76691-5 8665-2 49051-6 57722-1 21440-3",
  genetics:
    "21636-6 21639-1 21640-9 38404-0 21667-1 48018-6 51963-7 55233-1 51969-4 62364-5 62375-1 " +
    "81247-9 69548-6 48004-6 36908-8 21654-9 21656-4 21619-2 60590-7 35474-6 53037-8 29770-5 " +
    "83009-1 94222-7 73977-1",
  "substance-use":
    "75626-2 72109-2 72110-0 68518-0 68519-8 68520-6 82667-7 82666-9 3426-4 3397-7 3398-5 " +
    "19261-7 19295-5 19270-8 19141-1 3390-2 3349-8 5640-8 5643-2 5644-0 5645-7 3773-9 3774-7 " +
    "16246-1 18282-4 18390-5 19343-3 11331-6 11343-1 74013-4 88037-7 69721-9",
};

const SNOMED: CodesByCategory = {
  "mental-health":
    "74732009 35489007 370143000 36923009 310495003 310496002 310497006 191659001 66344007 " +
    "191616006 320751009 832007 15639000 40379007 18818009 28475009 36474008 78667006 58703003 " +
    "48694002 197480006 21897009 371631005 35607004 25501002 300895004 47505003 313182004 " +
    "67195008 17226007 47372000 57194009 13746004 371596008 83225003 16506000 49468007 68569003 " +
    "58214004 64905009 26025008 68890003 278853003 69322001 191680007 408856003 35919005 " +
    "23560001 192127007 406506008 444613000 31177006 35253001 191736004 1376001 56882008 " +
    "78004001 72366004 52448006 26929004 230265002 429998004 56267009 15662003 281004 425390006 " +
    "55554002 44301001 6471006 82313006 401206008 225457007 413307004 20010003 " +
    "33449004 79094001 10197000 171207006 228557008 183401008 75516001 404189009 386702006 " +
    "406137001 418189009 371779005 397940009 31297008 111475002",
  "sexual-health":
    "86406008 91947003 62479008 19030005 89293008 36115006 165816005 31676001 313077009 " +
    "444356002 171121004 8098009 275881005 407560009 76272004 444150000 26039008 35742006 " +
    "15628003 50970007 68704007 240589008 63938009 237084006 105629000 310861008 165829005 " +
    "269828009 33839006 402894005 407450002 266113007 240542006 56335008 72892002 77386006 " +
    "47200007 198992004 398254007 48194001 15938005 11687002 79586000 34801009 17433009 35999006 " +
    "19169002 17369002 16607004 54048003 39406005 714812005 386394001 10383002 391897002 " +
    "156073000 87527008 65147003 16356006 237240001 250423000 250425007 252160004 74036000 " +
    "424619006 424441002 169762003 183460006 66348005 11466000 85548006 13197004 " +
    "5935008 312081001 268464009 789537001 65200003 46706006 68254000 169553002 301807007 " +
    "755621000000101 389095005 268460000 6738008 8619003 2904007 397803000 860914002 56925008 " +
    "28154007 5413009 268637002 248110007 56890008 786919007 2314005 445563009 225517006 " +
    "443529005 271442007 169230002 225158009 274804006 5880005",
  genetics:
    "41040004 70156005 51500006 409709004 74345006 48790003 38804009 405769009 58756001 " +
    "190905008 40108008 269175006 26682008 19442009 16402000 127040003 417357006 35434009 " +
    "41788008 28293008 234440008 76880004 412734009 412738007 398036000 " +
    "16851005 15890002 73297009 83157008",
  "substance-use":
    "7200002 66590003 15167005 284591009 25702006 18653004 8635005 371434005 41309000 420054005 " +
    "9953008 2043009 7916009 50325005 191882002 26416006 371435006 191816009 5602001 75544000 " +
    "55680006 274228003 37344009 85005007 31956009 78267003 441527004 64386003 445273005 " +
    "51339003 2403008 11387009 46975003 361055000 427229002 191819002 6525002 66214007 " +
    "56876005 386449006 266707007 310653000 370854007 313071005 171208001 713107002 707848009 " +
    " 228273003 365981007",
};

/** RxNorm ingredients; of products, whose codes change, the display tells (sensitive-words.ts). */
const RXNORM: CodesByCategory = {
  "mental-health":
    "36437 4493 2556 321988 32937 39786 72625 42347 15996 10737 704 51272 61381 35636 89013 5093 " +
    "2626 6448 115698 679314 6901 38400 700810 725 1827 596 6470 2598 3322 1040028",
  "sexual-health":
    "276237 117466 300195 195085 1433868 719872 68244 11413 190521 460132 343047 85762 83395 " +
    "1721603 1744002 2475196 6373 4124 7514 6691 14584 6916 42331 136411 358263",
  "substance-use": "1819 7243 7242 6813 3554 82819",
};

const CVX: CodesByCategory = { "sexual-health": "61 206" };

/** HL7 v3 ActCode sensitivity labels, as they stand in `meta.security`. */
const LABELS: CodesByCategory = {
  "mental-health": "PSY PSYTHPN MH BH BEHAV COGN DVD EMOTDIS MENCAT VIO",
  "sexual-health": "SEX HIV STD SDV PREGNANT REPRO SEXUAL ABORTION",
  genetics: "GDIS SICKLE GENE",
  "substance-use": "ETH ETHUD OPIOIDUD SUD ALC DRUG SUBSTAB",
};

const SYSTEMS: ReadonlyMap<string, ReadonlyMap<string, SensitiveCategory>> = new Map([
  ["http://loinc.org", byCode(LOINC)],
  ["http://snomed.info/sct", byCode(SNOMED)],
  ["http://www.nlm.nih.gov/research/umls/rxnorm", byCode(RXNORM)],
  ["http://hl7.org/fhir/sid/cvx", byCode(CVX)],
]);

const LABEL_CODES: ReadonlyMap<string, SensitiveCategory> = byCode(LABELS);

/** ICD-10 (any national modification) and ATC: the category of every code with the beginning. */
type Prefix = readonly [prefix: string, category: SensitiveCategory];

const ICD10_PREFIXES: readonly Prefix[] = [
  ["F1", "substance-use"],
  ["F", "mental-health"],
  ["B20", "sexual-health"],
  ["B21", "sexual-health"],
  ["B22", "sexual-health"],
  ["B23", "sexual-health"],
  ["B24", "sexual-health"],
  ["A5", "sexual-health"],
  ["A60", "sexual-health"],
  ["A63", "sexual-health"],
  ["A64", "sexual-health"],
  ["B97.35", "sexual-health"],
  ["N46", "sexual-health"],
  ["N52", "sexual-health"],
  ["N97", "sexual-health"],
  ["O", "sexual-health"],
  ["R75", "sexual-health"],
  ["Z11.3", "sexual-health"],
  ["Z11.4", "sexual-health"],
  ["Z20.2", "sexual-health"],
  ["Z20.6", "sexual-health"],
  ["Z21", "sexual-health"],
  ["Z3", "sexual-health"],
  ["Z64.0", "sexual-health"],
  ["Z70", "sexual-health"],
  ["Z71.7", "sexual-health"],
  ["Z72.5", "sexual-health"],
  ["Z79.3", "sexual-health"],
  ["T74.2", "sexual-health"],
  ["T76.2", "sexual-health"],
  ["D56", "genetics"],
  ["D57", "genetics"],
  ["D66", "genetics"],
  ["D67", "genetics"],
  ["E75", "genetics"],
  ["E84", "genetics"],
  ["G10", "genetics"],
  ["Q9", "genetics"],
  ["Z13.7", "genetics"],
  ["Z14", "genetics"],
  ["Z15", "genetics"],
  ["K70", "substance-use"],
  ["R78", "substance-use"],
  ["T40", "substance-use"],
  ["T51", "substance-use"],
  ["Y90", "substance-use"],
  ["Y91", "substance-use"],
  ["Z50.2", "substance-use"],
  ["Z50.3", "substance-use"],
  ["Z71.4", "substance-use"],
  ["Z71.5", "substance-use"],
  ["Z72.1", "substance-use"],
  ["Z72.2", "substance-use"],
  ["R45", "mental-health"],
  ["T14.91", "mental-health"],
  ["T74", "mental-health"],
  ["T76", "mental-health"],
  ["X6", "mental-health"],
  ["X7", "mental-health"],
  ["X8", "mental-health"],
  ["X9", "mental-health"],
  ["Y0", "mental-health"],
  ["Z13.3", "mental-health"],
  ["Z63.0", "mental-health"],
  ["Z69", "mental-health"],
  ["Z91.4", "mental-health"],
  ["Z91.5", "mental-health"],
];

const ATC_PREFIXES: readonly Prefix[] = [
  ["N05", "mental-health"],
  ["N06A", "mental-health"],
  ["N06B", "mental-health"],
  ["N06D", "mental-health"],
  ["N07B", "substance-use"],
  ["G02", "sexual-health"],
  ["G03A", "sexual-health"],
  ["G03G", "sexual-health"],
  ["G04BE", "sexual-health"],
  ["J05AE", "sexual-health"],
  ["J05AF", "sexual-health"],
  ["J05AG", "sexual-health"],
  ["J05AJ", "sexual-health"],
  ["J05AR", "sexual-health"],
];

/** The sensitive category of a code, if it is in the published sets. Source: spec/policy.md §3. */
export function categoryOfCode(system: string, code: string): SensitiveCategory | undefined {
  const codes = SYSTEMS.get(system);
  if (codes !== undefined) return codes.get(code);
  if (system.includes("icd-10")) return byPrefix(ICD10_PREFIXES, code.toUpperCase());
  if (system === "http://www.whocc.no/atc") return byPrefix(ATC_PREFIXES, code.toUpperCase());
  return undefined;
}

/** The sensitive category that a security label names. A label without a subject is in doubt. */
export function categoryOfLabel(system: string, code: string): SensitiveCategory | undefined {
  if (system.includes("Confidentiality")) {
    return code === "R" || code === "V" ? "mental-health" : undefined;
  }
  return LABEL_CODES.get(code);
}

function byPrefix(prefixes: readonly Prefix[], code: string): SensitiveCategory | undefined {
  return prefixes.find(([prefix]) => code.startsWith(prefix))?.[1];
}

function byCode(codes: CodesByCategory): ReadonlyMap<string, SensitiveCategory> {
  return new Map(
    Object.entries(codes).flatMap(([category, list]) =>
      list
        .split(" ")
        .filter((code) => code !== "")
        .map((code) => [code, category as SensitiveCategory] as const),
    ),
  );
}
