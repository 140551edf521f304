/** The yardstick of `make bench`: a page of the shop's framework with nothing on it. */
import { createRoot } from "react-dom/client";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <main>
    <h1>Bare</h1>
    <p>A page of the shop&rsquo;s framework, with nothing on it.</p>
  </main>,
);
