/** The icons of the console, drawn like the shop's. Those are separate, so that the shop does not carry these. */
const PATHS = {
  gauge: "M4 17a8 8 0 1 1 16 0M12 17l4-5.500M4 17h.01M20 17h.01",
  receipt: "M6 3.500h12v17l-3-2-3 2-3-2-3 2zM9 8.500h6M9 12.500h6",
  returned: "M9 14 4.500 9.500 9 5M5 9.500h9a5 5 0 0 1 0 10h-3",
  tag: "M4 4h8l8 8-8 8-8-8zM8.500 8.500v.01",
  boxes: "M12 3.500 4.500 7.500v9l7.500 4 7.500-4v-9zM4.500 7.500l7.500 4 7.500-4M12 11.500v9",
  people: "M9 11.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM3 19.500c.5-3.200 2.800-5 6-5s5.500 1.800 6 5M15.500 5a3.300 3.300 0 0 1 0 6.300M17.500 14.800c2 .6 3.200 2.200 3.500 4.700",
  branches: "M6 4.500v10a4 4 0 0 0 4 4h3M6 8.500a4 4 0 0 0 4 3h3M18 11.500a2 2 0 1 1-4 0 2 2 0 0 1 4 0zM18 18.500a2 2 0 1 1-4 0 2 2 0 0 1 4 0zM8 4.500a2 2 0 1 1-4 0 2 2 0 0 1 4 0z",
  file: "M6 3.500h8l4 4v13H6zM14 3.500v4h4M9 13h6M9 16.500h6",
  scales: "M12 4v16M8 20h8M5 7h14M5 7l-2.500 6.500h5zM19 7l-2.500 6.500h5z",
  keyboard: "M3 6.500h18v11H3zM7 10.500h.01M11 10.500h.01M15 10.500h.01M8 14h8",
  door: "M14 4.500H6v15h8M10.500 12H21M17.500 8.500 21 12l-3.500 3.500",
  shop: "M4 9.500 5.500 4.500h13L20 9.500M4 9.500h16M5.500 9.500v10h13v-10M10 19.500v-5h4v5",
  back: "M14.500 5.500 8 12l6.500 6.500",
  print: "M7 8.500v-5h10v5M5 8.500h14v8h-2M7 16.500H5v-8M7 13.500h10v7H7z",
  download: "M12 4v11M7 10.500l5 5 5-5M5 19.500h14",
  upload: "M12 15.500v-11M7 9.500l5-5 5 5M5 19.500h14",
  truck: "M3 6.500h11v10H3zM14 10h4l3 3.500v3h-7zM7 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM17.500 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  trash: "M5 7h14M9.500 7V4.500h5V7M7 7l.8 12.500h8.400L17 7",
  history: "M4.500 12a7.500 7.500 0 1 0 2.300-5.400L4.500 9M4.500 4.500V9H9M12 8v4.500l3 2",
};

export type StaffIconName = keyof typeof PATHS;

/** A decorative icon, hidden from screen readers: it always stands beside text. */
export function StaffIcon({ name, className = "size-5" }: { name: StaffIconName; className?: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      aria-hidden="true"
      className={`shrink-0 ${className}`}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
