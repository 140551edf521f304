import { createRoot } from "react-dom/client";

import { App } from "@/app/App";
import { start } from "@/features/auth/session";

void start();

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
// A task of its own: read and drawn at once, the shop would keep a finger waiting for longer.
setTimeout(() => createRoot(root).render(<App />));
