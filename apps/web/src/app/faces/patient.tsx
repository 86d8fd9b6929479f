import { lazy } from "react";
import { Route, Switch } from "wouter";
import { useSession } from "../../page/session.tsx";
import { Shell } from "../../page/shell.tsx";
import { NotFound } from "../../parts/not-found.tsx";
import { useWaiting } from "../../requests/use-waiting.ts";
import { Late } from "../late.tsx";

const HomeScreen = lazy(() => import("../../home/home-screen.tsx"));
const RecordScreen = lazy(() => import("../../record/record-screen.tsx"));
const ChapterScreen = lazy(() => import("../../record/chapter-screen.tsx"));
const ItemScreen = lazy(() => import("../../record/item-screen.tsx"));
const ResultScreen = lazy(() => import("../../record/result-screen.tsx"));
const TimelineScreen = lazy(() => import("../../timeline/timeline-screen.tsx"));
const SearchScreen = lazy(() => import("../../search/search-screen.tsx"));
const MeasureScreen = lazy(() => import("../../measurements/measure-screen.tsx"));
const SecurityScreen = lazy(() => import("../../security/security-screen.tsx"));
const ImportScreen = lazy(() => import("../../import/import-screen.tsx"));
const ExportScreen = lazy(() => import("../../export/export-screen.tsx"));
const SummaryScreen = lazy(() => import("../../export/summary-screen.tsx"));
const SettingsScreen = lazy(() => import("../../settings/settings-screen.tsx"));
const RequestsScreen = lazy(() => import("../../requests/requests-screen.tsx"));
const RequestScreen = lazy(() => import("../../requests/request-screen.tsx"));
const SharingScreen = lazy(() => import("../../sharing/sharing-screen.tsx"));
const LogScreen = lazy(() => import("../../access-log/log-screen.tsx"));
const SourcesScreen = lazy(() => import("../../sources/sources-screen.tsx"));
const CodeScreen = lazy(() => import("../../sources/code-screen.tsx"));
const ProxiesScreen = lazy(() => import("../../proxies/proxies-screen.tsx"));

/** The screens of somebody whose record this is. */
export default function PatientFace() {
  const { reading } = useSession();
  if (reading !== undefined) return <OfAnother key={reading.vault} />;
  return <Own />;
}

function Own() {
  const requests = useWaiting();
  return (
    <Shell counts={requests === undefined ? {} : { requests }}>
      <Late>
        <Switch>
          <Route path="/" component={HomeScreen} />
          <Route path="/record" component={RecordScreen} />
          <Route path="/record/:chapter" component={ChapterScreen} />
          <Route path="/item/:id" component={ItemScreen} />
          <Route path="/result/:code" component={ResultScreen} />
          <Route path="/timeline" component={TimelineScreen} />
          <Route path="/search" component={SearchScreen} />
          <Route path="/measure" component={MeasureScreen} />
          <Route path="/measure/:id" component={MeasureScreen} />
          <Route path="/security" component={SecurityScreen} />
          <Route path="/import" component={ImportScreen} />
          <Route path="/export" component={ExportScreen} />
          <Route path="/export/summary" component={SummaryScreen} />
          <Route path="/settings" component={SettingsScreen} />
          <Route path="/requests" component={RequestsScreen} />
          <Route path="/requests/:id" component={RequestScreen} />
          <Route path="/sharing" component={SharingScreen} />
          <Route path="/log" component={LogScreen} />
          <Route path="/sources" component={SourcesScreen} />
          <Route path="/code" component={CodeScreen} />
          <Route path="/proxies" component={ProxiesScreen} />
          <Route component={NotFound} />
        </Switch>
      </Late>
    </Shell>
  );
}

/** The screens of somebody who reads for another: what that one decides and writes is not among them. */
function OfAnother() {
  return (
    <Shell>
      <Late>
        <Switch>
          <Route path="/" component={HomeScreen} />
          <Route path="/record" component={RecordScreen} />
          <Route path="/record/:chapter" component={ChapterScreen} />
          <Route path="/item/:id" component={ItemScreen} />
          <Route path="/result/:code" component={ResultScreen} />
          <Route path="/timeline" component={TimelineScreen} />
          <Route path="/search" component={SearchScreen} />
          <Route path="/export" component={ExportScreen} />
          <Route path="/export/summary" component={SummaryScreen} />
          <Route component={NotFound} />
        </Switch>
      </Late>
    </Shell>
  );
}
