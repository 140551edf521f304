/** The shop's help documents, which the assistant answers from as well, and what the law asks a shop to tell. */

interface HelpDocument {
  /** The last segment of its URL. */
  name: string;
  title: string;
  /** Markdown, without the title. */
  text: string;
}

const FILES = import.meta.glob<string>("../../../../content/{help,legal}/*.md", { query: "?raw", import: "default", eager: true });

export const HELP_DOCUMENTS: readonly HelpDocument[] = Object.entries(FILES)
  .map(([path, markdown]) => {
    const [first = "", ...rest] = markdown.split("\n");
    const name = path.slice(path.lastIndexOf("/") + 1, -".md".length);
    return { name, title: first.replace(/^#\s*/, ""), text: rest.join("\n").trim() };
  })
  .sort((one, other) => one.title.localeCompare(other.title));
