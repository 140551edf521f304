import { createRoot } from "react-dom/client";

import { App } from "@/app/App";
import { start } from "@/features/auth/session";

void start();

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(<App />);
