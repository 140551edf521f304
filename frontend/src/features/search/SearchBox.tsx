import { useState } from "react";
import { useNavigate } from "react-router";

import { Icon } from "@/components/Icon";

export function SearchBox() {
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  return (
    <form
      role="search"
      className="relative"
      onSubmit={(event) => {
        event.preventDefault();
        void navigate(`/search?q=${encodeURIComponent(typed.trim())}`);
      }}
    >
      <Icon name="search" className="pointer-events-none absolute top-3 left-3.5 size-5 text-muted" />
      <input
        type="search"
        aria-label="Search the shop"
        placeholder="Search the shop"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        className="min-h-11 w-full rounded-full border border-edge bg-sheet py-2 pr-4 pl-11 text-ink placeholder:text-muted"
      />
    </form>
  );
}
