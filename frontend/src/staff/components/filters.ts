import { useCallback } from "react";
import { useSearchParams } from "react-router";

/**
 * The filters of a list, kept in the address: a list can be linked to, and is the same after going back. `defaults` names
 * the filters; one that has its default is not in the address. Must be the same object at every call.
 */
export function useFilters<Name extends string>(
  defaults: Readonly<Record<Name, string>>,
): [filters: Readonly<Record<Name, string>>, setFilter: (name: Name, value: string) => void, clear: () => void] {
  const [parameters, setParameters] = useSearchParams();
  const names = Object.keys(defaults) as Name[];
  const filters = Object.fromEntries(names.map((name) => [name, parameters.get(name) ?? defaults[name]])) as Record<Name, string>;
  const setFilter = useCallback(
    (name: Name, value: string) =>
      setParameters(
        (previous) => {
          const next = new URLSearchParams(previous);
          if (value === defaults[name]) next.delete(name);
          else next.set(name, value);
          return next;
        },
        { replace: true },
      ),
    [defaults, setParameters],
  );
  const clear = useCallback(() => setParameters({}, { replace: true }), [setParameters]);
  return [filters, setFilter, clear];
}
