import "./trusted-types.ts";
import "../style/index.css";
import { StrictMode, startTransition } from "react";
import { createRoot } from "react-dom/client";
import { keptScheme, showScheme } from "../settings/scheme.ts";
import { App } from "./app.tsx";
import { registerServiceWorker } from "./service-worker-registration.ts";

showScheme(keptScheme());

const root = document.getElementById("salus");
if (root === null) throw new Error("bug: the document has no place for the application");
// As something that can wait it is drawn in pieces, between which the browser does other work.
startTransition(() => {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
});

// A newer version waits until no page is open: nobody's work is broken off by it.
addEventListener("load", () => void registerServiceWorker(() => undefined));
