/** The countries of the North American Numbering Plan that the shop delivers to: there, people leave out the +1. */
const PLUS_ONE = new Set(["US", "CA", "PR", "VI", "GU", "AS", "MP"]);

/** Returns a telephone number as the API takes it, such as "+15035550100"; null for an empty one. The server validates it. */
export function toInternationalPhone(text: string, country: string): string | null {
  const number = text.replace(/[^\d+]/g, "");
  if (number === "") return null;
  if (number.startsWith("+")) return number;
  if (!PLUS_ONE.has(country)) return number;
  return number.length === 11 && number.startsWith("1") ? `+${number}` : `+1${number}`;
}
