// Starts the app.

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Guestbook } from "./Guestbook.js";

createRoot(document.getElementById("app")!).render(
  <StrictMode>
    <Guestbook />
  </StrictMode>,
);
