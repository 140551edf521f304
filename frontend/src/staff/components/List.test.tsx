import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { createMemoryRouter, RouterProvider } from "react-router";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { List, type ListPage } from "@/staff/components/List";
import { SearchField } from "@/staff/components/ListToolbar";

interface Row {
  name: string;
}

type Query = UseInfiniteQueryResult<InfiniteData<ListPage<Row>>>;

const fetchNextPage = vi.fn();

function queryOf(names: readonly string[], more: Partial<Query> = {}): Query {
  const query = { data: { pages: [{ items: names.map((name) => ({ name })) }], pageParams: [] }, isPending: false, isError: false, hasNextPage: false, fetchNextPage };
  return { ...query, ...more } as unknown as Query;
}

function show(query: Query, title = "Things") {
  const onSearch = vi.fn();
  const list = (
    <>
      <SearchField label="Search things" value="" onChange={onSearch} />
      <List title={title} query={query} columns={[{ title: "Name", cell: ({ name }: Row) => name }]} id={({ name }) => name} to={({ name }) => `/things/${name}`} empty={<p>Nothing</p>} />
    </>
  );
  const router = createMemoryRouter([
    { path: "/", element: list },
    { path: "/things/:name", element: <p>One thing</p> },
  ]);
  render(<RouterProvider router={router} />);
  return { user: userEvent.setup(), onSearch };
}

const ROWS = Array.from({ length: 1000 }, (_, index) => `row-${index}`);

beforeEach(() => fetchNextPage.mockReset());

describe("List", () => {
  it("has few of many rows in the document, and says how many there are", () => {
    show(queryOf(ROWS), "Many");
    expect(screen.getAllByRole("row").length).toBeLessThan(80);
    expect(screen.getByRole("table")).toHaveAttribute("aria-rowcount", "1001");
    expect(screen.getByText("1000 in all")).toBeVisible();
  });

  it("moves by j and k and opens by Enter", async () => {
    const { user } = show(queryOf(ROWS), "Walked");
    await user.keyboard("jjk");
    expect(screen.getByRole("link", { name: "row-0" })).toHaveFocus();
    await user.keyboard("j{Enter}");
    expect(await screen.findByText("One thing")).toBeVisible();
  });

  it("leaves letters to the search, to which the slash leads", async () => {
    const { user, onSearch } = show(queryOf(ROWS), "Searched");
    await user.keyboard("/");
    const field = screen.getByRole("searchbox", { name: "Search things" });
    expect(field).toHaveFocus();
    await user.keyboard("jk");
    expect(field).toHaveValue("jk");
    await waitFor(() => expect(onSearch).toHaveBeenCalledExactlyOnceWith("jk"));
    await user.keyboard("{Escape}j");
    expect(screen.getByRole("link", { name: "row-0" })).toHaveFocus();
  });

  it("reads the next page before the end is reached, and not while one is being read", () => {
    show(queryOf(ROWS.slice(0, 10), { hasNextPage: true }), "Paged");
    expect(fetchNextPage).toHaveBeenCalled();
    fetchNextPage.mockReset();
    show(queryOf(ROWS.slice(0, 10), { hasNextPage: true, isFetchingNextPage: true }), "Paging");
    show(queryOf(ROWS, { hasNextPage: true }), "At the beginning");
    expect(fetchNextPage).not.toHaveBeenCalled();
  });

  it("goes on reading where a page of a search is empty, and shows then that nothing is there", () => {
    show(queryOf([], { hasNextPage: true }), "Sought");
    expect(fetchNextPage).toHaveBeenCalledOnce();
    expect(screen.queryByText("Nothing")).toBeNull();
    show(queryOf([]), "Missed");
    expect(screen.getByText("Nothing")).toBeVisible();
  });
});
