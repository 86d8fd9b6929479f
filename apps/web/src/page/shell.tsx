import { Lock, Menu } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import { Dialog } from "../parts/dialog.tsx";
import { useText } from "../text/text.tsx";
import { Newer } from "./newer.tsx";
import { PLACES, PLACES_OF_ANOTHER, type Place } from "./places.ts";
import { ReadingBanner } from "./reading-banner.tsx";
import { useSession, useWho } from "./session.tsx";

const AT_THE_THUMB = 4;

/** The frame around the screens of somebody who is signed in. */
export function Shell({
  counts = {},
  children,
}: {
  /** How much waits at a place. */
  readonly counts?: Partial<Record<Place["name"], number>>;
  readonly children: ReactNode;
}) {
  const text = useText();
  const who = useWho();
  const { lock, reading } = useSession();
  const [location] = useLocation();
  const [isMenuOpen, setMenuOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  // A new screen begins at its top, also for a screen reader.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new address is a new screen.
  useEffect(() => {
    scrollTo(0, 0);
    if (document.activeElement !== document.body) main.current?.focus({ preventScroll: true });
  }, [location]);
  const short: Partial<Record<Place["name"], string>> = text.shell.short;
  const places = reading === undefined ? PLACES[who.role] : PLACES_OF_ANOTHER;
  const isHere = ({ to }: Place): boolean =>
    to === "/" ? location === "/" : location === to || location.startsWith(`${to}/`);
  const links = (some: readonly Place[]) =>
    some.map((place) => (
      <li key={place.to}>
        <Link
          href={place.to}
          className="salus-rail-link"
          aria-current={isHere(place) ? "page" : undefined}
          onClick={() => setMenuOpen(false)}
        >
          <place.icon size={20} aria-hidden="true" />
          {text.shell.places[place.name]}
          <Count of={counts[place.name]} />
        </Link>
      </li>
    ));
  return (
    <div className="salus-shell" data-signed-in="">
      <a className="salus-skip" href="#main">
        {text.shell.skip}
      </a>
      <header className="salus-top">
        <Mark />
        <button type="button" className="salus-button" data-kind="quiet" onClick={lock}>
          <Lock size={18} aria-hidden="true" />
          {text.shell.lock}
        </button>
      </header>
      <header className="salus-rail">
        <Mark />
        <nav aria-label={text.shell.name}>
          <ul>{links(places)}</ul>
        </nav>
        <div className="salus-rail-who">
          <strong>
            <bdi>{who.name ?? who.login}</bdi>
          </strong>
          <span>{text.shell.roles[who.role]}</span>
          <button type="button" className="salus-rail-link" onClick={lock}>
            <Lock size={18} aria-hidden="true" />
            {text.shell.lock}
          </button>
        </div>
      </header>
      <main id="main" className="salus-main" tabIndex={-1} ref={main}>
        <Newer />
        {reading !== undefined && <ReadingBanner of={reading} />}
        {!who.online && <p className="salus-offline">{text.shell.offline}</p>}
        {children}
      </main>
      <nav className="salus-tabs" aria-label={text.shell.name}>
        {places.slice(0, AT_THE_THUMB).map((place) => (
          <Link
            key={place.to}
            href={place.to}
            className="salus-tab"
            aria-current={isHere(place) ? "page" : undefined}
          >
            <place.icon size={22} aria-hidden="true" />
            {short[place.name] ?? text.shell.places[place.name]}
            <Count of={counts[place.name]} />
          </Link>
        ))}
        <button type="button" className="salus-tab" onClick={() => setMenuOpen(true)}>
          <Menu size={22} aria-hidden="true" />
          {text.shell.menu}
        </button>
      </nav>
      <Dialog title={text.shell.menu} isOpen={isMenuOpen} onClose={() => setMenuOpen(false)}>
        <ul className="salus-menu">{links(places.slice(AT_THE_THUMB))}</ul>
      </Dialog>
    </div>
  );
}

/** The frame before anybody is signed in. */
export function Front({ children }: { readonly children: ReactNode }) {
  const text = useText();
  return (
    <div className="salus-shell">
      <a className="salus-skip" href="#main">
        {text.shell.skip}
      </a>
      <header className="salus-top">
        <Mark />
      </header>
      <main id="main" className="salus-main salus-front" tabIndex={-1}>
        <Newer />
        {children}
      </main>
    </div>
  );
}

/** The name, and a sign: two leaves that hold something between them. */
function Mark() {
  const text = useText();
  return (
    <Link href="/" className="salus-mark">
      <svg width="26" height="26" viewBox="0 0 26 26" aria-hidden="true" fill="none">
        <path d="M13 23C5 20 3 13 4 4c8 1 11 7 9 19Z" fill="currentColor" opacity="0.45" />
        <path d="M13 23c8-3 10-10 9-19-8 1-11 7-9 19Z" fill="currentColor" />
      </svg>
      {text.shell.name}
    </Link>
  );
}

function Count({ of }: { readonly of: number | undefined }) {
  const text = useText();
  if (of === undefined || of === 0) return null;
  return (
    <span className="salus-count">
      <span aria-hidden="true">{of}</span>
      <span className="salus-unseen">{text.shell.waitingRequests(of)}</span>
    </span>
  );
}
