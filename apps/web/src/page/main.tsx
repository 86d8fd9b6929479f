import "./trusted-types.ts";
import "../style/index.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { keptScheme, showScheme } from "../settings/scheme.ts";
import { App } from "./app.tsx";

showScheme(keptScheme());

const root = document.getElementById("salus");
if (root === null) throw new Error("bug: the document has no place for the application");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
