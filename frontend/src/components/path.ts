/**
 * Returns an address of the shop, with every value encoded: path`/c/${category}`. Names of categories may contain any
 * character.
 */
export function path(strings: TemplateStringsArray, ...values: string[]): string {
  return String.raw({ raw: strings }, ...values.map(encodeURIComponent));
}
