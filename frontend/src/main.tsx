import { createRoot } from "react-dom/client";

import { App } from "@/app/App";
import { startSession } from "@/features/auth/session";

void startSession();

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
// In a task of its own: evaluating and rendering in one task would block input for longer.
setTimeout(() => createRoot(root).render(<App />));
