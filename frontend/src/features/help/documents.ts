/** The shop's help documents: the same that the assistant answers from. */

export interface HelpDocument {
  /** The last part of its address. */
  name: string;
  title: string;
  /** Markdown, without the title. */
  text: string;
}

const FILES = import.meta.glob<string>("../../../../content/help/*.md", { query: "?raw", import: "default", eager: true });

export const DOCUMENTS: readonly HelpDocument[] = Object.entries(FILES)
  .map(([path, markdown]) => {
    const [first = "", ...rest] = markdown.split("\n");
    const name = path.slice(path.lastIndexOf("/") + 1, -".md".length);
    return { name, title: first.replace(/^#\s*/, ""), text: rest.join("\n").trim() };
  })
  .sort((one, other) => one.title.localeCompare(other.title));
