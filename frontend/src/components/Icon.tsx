const PATHS = {
  bag: "M5 8h14l-1.2 12H6.2zM8.5 8a3.5 3.5 0 0 1 7 0",
  person: "M12 12.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.8-3.6 3.8-5 7.5-5s6.7 1.4 7.5 5",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.3 15.3 20 20",
  close: "M6 6l12 12M18 6 6 18",
  minus: "M6 12h12",
  plus: "M6 12h12M12 6v12",
  check: "M5 12.500l4.5 4.500L19 7.5",
  warning: "M12 4 2.8 19.500h18.400zM12 10v4.500M12 17v.01",
  info: "M12 20.500a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 11.500v5M12 8v.01",
  down: "M5.5 9.5 12 16l6.5-6.5",
  filter: "M4 7h16M7 12h10M10 17h4",
  offline: "M4 4l16 16M8.5 15.500a5 5 0 0 1 7 0M5.5 12a10 10 0 0 1 4-2.300M14 9.600a10 10 0 0 1 4.5 2.400M12 19v.01",
  chat: "M4 5.500h16v11H10l-4.500 4v-4H4zM8.500 9.500h7M8.500 12.500h4.500",
  send: "M12 20V5M5.5 11.500 12 5l6.5 6.500",
  stop: "M7 7h10v10H7z",
  restart: "M19.5 12a7.5 7.5 0 1 1-2.200-5.300L19.500 9M19.500 4.500V9H15",
  picture: "M4 5h16v14H4zM4 16l5-5 4 4 2.5-2.500L20 17M15.5 9v.01",
};

export type IconName = keyof typeof PATHS;

/** A decorative icon, hidden from screen readers: it always stands beside text. */
export function Icon({ name, className = "size-5" }: { name: IconName; className?: string }) {
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
