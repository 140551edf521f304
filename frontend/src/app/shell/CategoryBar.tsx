import { useQuery } from "@tanstack/react-query";
import { useLayoutEffect, useRef, useState } from "react";
import { NavLink, useLocation } from "react-router";

import { Icon } from "@/components/Icon";
import { path } from "@/components/path";
import { categoriesQuery } from "@/features/catalog/queries";

/** The categories in one line. If they need more than that, a button shows them all. */
export function CategoryBar() {
  const { data } = useQuery(categoriesQuery);
  const { pathname } = useLocation();
  const list = useRef<HTMLUListElement>(null);
  const [isOverflowing, setOverflowing] = useState(false);
  // It is open on the page where it was opened: the next page begins with its own content.
  const [openedOn, setOpenedOn] = useState<string>();
  const isOpen = isOverflowing && openedOn === pathname;

  useLayoutEffect(() => {
    const element = list.current;
    if (!element || isOpen) return;
    const measure = () => setOverflowing(element.scrollWidth > element.clientWidth + 1);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [data, isOpen]);

  // The category of the page may be beyond the end of the line.
  useLayoutEffect(() => {
    const current = list.current?.querySelector<HTMLElement>('[aria-current="page"]');
    if (list.current && current) list.current.scrollLeft = current.offsetLeft - list.current.clientWidth / 2;
  }, [data, pathname]);

  return (
    <nav aria-label="Categories" className="wrap flex items-start gap-2">
      <ul
        ref={list}
        id="categories-of-the-shop"
        className={`relative -mx-2 flex min-h-11 min-w-0 flex-1 items-stretch gap-1 md:justify-between lg:justify-start lg:gap-3 ${
          isOpen ? "flex-wrap" : "overflow-x-auto whitespace-nowrap [scrollbar-width:none]"
        } ${isOverflowing && !isOpen ? "[mask-image:linear-gradient(to_right,black_calc(100%-2.5rem),transparent)] pr-10" : ""}`}
      >
        {data?.map(({ category, name }) => (
          <li key={category} className="flex max-w-full">
            <NavLink
              to={path`/c/${category}`}
              className="flex items-center border-b-2 border-transparent px-2 pt-1 pb-1.5 text-muted hover:text-ink aria-[current=page]:border-action aria-[current=page]:text-ink"
            >
              {name}
            </NavLink>
          </li>
        ))}
      </ul>
      {isOverflowing && (
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls="categories-of-the-shop"
          onClick={() => setOpenedOn(isOpen ? undefined : pathname)}
          className="-mr-2 flex min-h-11 shrink-0 items-center gap-1 rounded-control border-b-2 border-transparent px-2 pt-1 pb-1.5 font-semibold hover:bg-sunken"
        >
          {isOpen ? "Fewer" : "More"}
          <span className="sr-only"> categories</span>
          <Icon name="down" className={`size-4 ${isOpen ? "rotate-180" : ""}`} />
        </button>
      )}
    </nav>
  );
}
