import "../page/trusted-types.ts";
import "../style/index.css";
import { StrictMode, startTransition } from "react";
import { createRoot } from "react-dom/client";
import { tellNewer } from "../page/newer.tsx";
import { registerServiceWorker } from "../page/service-worker-registration.ts";
import { keptScheme, showScheme } from "../settings/scheme.ts";
import { loadWords } from "../text/text.tsx";
import { App } from "./app.tsx";

showScheme(keptScheme());

const root = document.getElementById("salus");
if (root === null) throw new Error("bug: the document has no place for the application");
const drawn = createRoot(root);
void loadWords().then(() =>
  // As something that can wait it is drawn in pieces, between which the browser does other work.
  startTransition(() =>
    drawn.render(
      <StrictMode>
        <App />
      </StrictMode>,
    ),
  ),
);

addEventListener("load", () => void registerServiceWorker(tellNewer));
