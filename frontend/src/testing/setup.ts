import "@testing-library/jest-dom/vitest";

import { cleanup, configure } from "@testing-library/preact";
import { afterEach } from "vitest";

configure({ asyncUtilTimeout: 60_000 });

afterEach(() => {
  cleanup();
  localStorage.clear();
});


// jsdom has the element, and not its methods.
HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close = function (this: HTMLDialogElement) {
  this.open = false;
};
