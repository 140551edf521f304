const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'", "#39": "'" };

/** A text in which search has put `<mark>` around what fits. It is read as text: no other markup has an effect. */
export function Marked({ html }: { html: string }) {
  return html.split(/<mark>(.*?)<\/mark>/).map((part, index) => {
    const text = part.replace(/&(#?\w+);/g, (entity, name: string) => ENTITIES[name] ?? entity);
    return index % 2 === 0 ? text : <mark key={index} className="rounded-small bg-tint text-inherit">{text}</mark>;
  });
}
