import type { LucideIcon } from "lucide-react";
import {
  Activity,
  Building2,
  ClipboardList,
  Clock,
  Eye,
  FileDown,
  FileUp,
  Hospital,
  House,
  Inbox,
  Link2,
  ScrollText,
  Search,
  Settings,
  Share2,
  ShieldCheck,
  UserRoundCheck,
  UserRoundSearch,
  Users,
} from "lucide-react";
import type { Role } from "../device/who.ts";
import type { Catalogue } from "../text/catalogue.ts";

/** A place that the frame leads to. */
export interface Place {
  readonly to: string;
  readonly name: keyof Catalogue["shell"]["places"];
  readonly icon: LucideIcon;
}

const place = (to: string, name: Place["name"], icon: LucideIcon): Place => ({ to, name, icon });

const HOME = place("/", "home", House);
const SECURITY = place("/security", "security", ShieldCheck);
const SETTINGS = place("/settings", "settings", Settings);

/** Where somebody goes who reads for another: she signs nothing for her, and decides nothing. */
export const PLACES_OF_ANOTHER: readonly Place[] = [
  HOME,
  place("/record", "record", ClipboardList),
  place("/search", "search", Search),
  place("/timeline", "timeline", Clock),
  place("/export", "export", FileDown),
];

/** Where each role goes: the first four stand at the thumb on a phone, the others behind "More". */
export const PLACES: Readonly<Record<Role, readonly Place[]>> = {
  patient: [
    HOME,
    place("/record", "record", ClipboardList),
    place("/search", "search", Search),
    place("/requests", "requests", Inbox),
    place("/timeline", "timeline", Clock),
    place("/measure", "measure", Activity),
    place("/sharing", "sharing", Share2),
    place("/log", "log", Eye),
    place("/sources", "sources", Hospital),
    place("/proxies", "proxies", UserRoundCheck),
    place("/import", "import", FileUp),
    place("/export", "export", FileDown),
    SECURITY,
    SETTINGS,
  ],
  practitioner: [
    HOME,
    place("/patients", "patients", Users),
    place("/find", "find", UserRoundSearch),
    place("/questions", "questions", Search),
    SECURITY,
    SETTINGS,
  ],
  administrator: [
    HOME,
    place("/uploads", "uploads", FileUp),
    place("/staff", "staff", Users),
    place("/audit", "audit", ScrollText),
    place("/organisation", "organisation", Building2),
    place("/associations", "associations", Link2),
    SECURITY,
    SETTINGS,
  ],
};
