import "@testing-library/jest-dom/vitest";

import { cleanup, configure } from "@testing-library/preact";
import { afterEach } from "vitest";

configure({ asyncUtilTimeout: 60_000 });

afterEach(() => {
  cleanup();
  localStorage.clear();
});
