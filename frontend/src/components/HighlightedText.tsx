const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'", "#39": "'" };

/** Text in which search has wrapped matches in `<mark>`. All other markup is shown as text. */
export function HighlightedText({ html }: { html: string }) {
  return html.split(/<mark>(.*?)<\/mark>/).map((part, index) => {
    const text = part.replace(/&(#?\w+);/g, (entity, name: string) => ENTITIES[name] ?? entity);
    return index % 2 === 0 ? text : <mark key={index} className="rounded-small bg-tint text-inherit">{text}</mark>;
  });
}
