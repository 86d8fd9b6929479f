/** Names as people in one part of the world bear them. Invented combinations: nobody is meant. */
export interface Naming {
  readonly language: string;
  readonly women: readonly string[];
  readonly men: readonly string[];
  readonly families: readonly string[];
}

/** Accents, particles and hyphens are there on purpose: searches fold them. */
export const NAMINGS: readonly Naming[] = [
  {
    language: "en",
    women: ["Alice", "Harriet", "Imogen", "Joan", "Phoebe", "Rosalind", "Winifred", "Edith"],
    men: ["Arthur", "Clement", "Desmond", "Edgar", "Felix", "Hugh", "Rupert", "Silas"],
    families: [
      "Ashdown",
      "Birchall",
      "Cotterill",
      "Fairweather",
      "Hollis",
      "Larkspur",
      "Thornbury",
    ],
  },
  {
    language: "es",
    women: ["Inés", "Lucía", "Maricarmen", "Noelia", "Paloma", "Rocío", "Ximena", "Consuelo"],
    men: ["Álvaro", "Bartolomé", "Efraín", "Gonzalo", "Íñigo", "Joaquín", "Néstor", "Saúl"],
    families: ["Arriaga Luna", "Cárdenas", "de la Torre", "Echeverría", "Quiñones", "Zúñiga"],
  },
  {
    language: "de",
    women: ["Annegret", "Brunhilde", "Elfriede", "Käthe", "Liesel", "Mechthild", "Sieglinde"],
    men: ["Wendelin", "Dietmar", "Eckhard", "Götz", "Jörg", "Lüder", "Ruprecht", "Volkmar"],
    families: ["Abendroth", "Großkopf", "Hühnerbein", "Krähenbühl", "Löwenzahn", "von der Aue"],
  },
  {
    language: "pl",
    women: ["Bożena", "Danuta", "Grażyna", "Jadwiga", "Małgorzata", "Ludmiła", "Wiesława"],
    men: ["Bogusław", "Czesław", "Kazimierz", "Mieszko", "Przemysław", "Stanisław", "Zbigniew"],
    families: ["Brzozowska-Lis", "Dąbrówka", "Kęsik", "Łapiński", "Szczęsny", "Źródlak"],
  },
  {
    language: "hi",
    women: ["Aparna", "Deepika", "Gayatri", "Kavita", "Meenakshi", "Sarojini", "Vasundhara"],
    men: ["Anirudh", "Bhaskar", "Devendra", "Harish", "Jayant", "Madhav", "Raghunath", "Vikram"],
    families: ["Bhattacharjee", "Deshpande", "Gopalakrishnan", "Kulkarni", "Mahapatra", "Sengupta"],
  },
  {
    language: "zh",
    women: ["Biyu", "Chunhua", "Fengyi", "Huilan", "Jiayi", "Meirong", "Xiulan", "Yanmei"],
    men: ["Bowen", "Changming", "Dehai", "Guoliang", "Jianhong", "Weidong", "Xiaofeng", "Zhiyuan"],
    families: ["Ouyang", "Shangguan", "Tian", "Xue", "Yuchi", "Zhuge", "Lü", "Qiu"],
  },
  {
    language: "yo",
    women: ["Abimbola", "Bolanle", "Folashade", "Ìyábọ̀", "Morenike", "Omolara", "Titilayo"],
    men: ["Adébáyọ̀", "Ayodele", "Babatunde", "Kolawole", "Olúṣẹ́gun", "Temitope", "Wálé"],
    families: ["Adéyẹmí", "Akintola", "Fágbénlé", "Ọláwálé", "Ogunbanjo", "Ṣówándé"],
  },
  {
    language: "ar",
    women: ["Amal", "Dalal", "Hanan", "Layla", "Munira", "Nawal", "Suha", "Zubayda"],
    men: ["Adnan", "Basim", "Faruq", "Haytham", "Ghassan", "Nizar", "Qays", "Tawfiq"],
    families: ["al-Bahri", "al-Najjar", "Bin Yusuf", "Haddad", "Khoury", "Sabbagh", "Zaytuni"],
  },
  {
    language: "vi",
    women: ["Bích Ngọc", "Diễm", "Hồng Hạnh", "Kiều", "Lan Chi", "Mỹ Duyên", "Thu Thủy"],
    men: ["Anh Dũng", "Bảo", "Đức", "Hữu Phước", "Minh Khôi", "Quốc Việt", "Thành Long"],
    families: ["Đặng", "Đoàn", "Huỳnh", "Lương", "Nguyễn", "Phạm", "Trịnh", "Võ"],
  },
  {
    language: "sv",
    women: ["Åsa", "Birgitta", "Gunilla", "Ingegerd", "Märta", "Solveig", "Ylva"],
    men: ["Åke", "Bengt", "Folke", "Göran", "Håkan", "Lennart", "Sören", "Torbjörn"],
    families: ["Björkegren", "Dahlqvist", "Fjällström", "Hägglund", "Sjöholm", "Åkerhielm"],
  },
];

/** Towns that are on no map. */
export const TOWNS: readonly string[] = [
  "Aldermere",
  "Brackwater",
  "Calder Hythe",
  "Dunmorrow",
  "Eastfold",
  "Fernhollow",
  "Greyhaven",
  "Harrowmill",
  "Inverlock",
  "Kestrel Bay",
  "Larchford",
  "Mossbridge",
];

export const STREETS: readonly string[] = [
  "Cooper's Row",
  "Dial Street",
  "Foundry Lane",
  "Glebe Road",
  "Juniper Close",
  "Lock Terrace",
  "Mercer Street",
  "Orchard Rise",
  "Quay Walk",
  "Saltmarsh Road",
];

/** First parts of the names of hospitals; the kinds follow. */
export const HOSPITAL_NAMES: readonly string[] = [
  "Northlake",
  "Saint Brannoc",
  "Riverside",
  "Hollin Moor",
  "Queen's Ferry",
  "Larkfield",
  "Harbour View",
  "Cedar Vale",
  "Stonegate",
  "Whitmore",
  "Ashgrove",
  "Meadowbrook",
];

export const HOSPITAL_KINDS: readonly string[] = [
  "General Hospital",
  "Medical Centre",
  "Community Clinic",
  "University Hospital",
  "Infirmary",
];
