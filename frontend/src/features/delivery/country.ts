/** The country to which a visitor wants delivery: a guess by their language until they choose one, kept in this browser. */
import { useSyncExternalStore } from "react";

import { getDefaultCountry } from "@/features/addresses/countries";

const KEY = "ecom67.country";
const listeners = new Set<() => void>();

function getCountry(): string {
  const chosen = localStorage.getItem(KEY) ?? "";
  return /^[A-Z]{2}$/.test(chosen) ? chosen : getDefaultCountry();
}

export function setDeliveryCountry(country: string): void {
  localStorage.setItem(KEY, country);
  listeners.forEach((listener) => listener());
}

export function useDeliveryCountry(): string {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    window.addEventListener("storage", listener);
    return () => {
      listeners.delete(listener);
      window.removeEventListener("storage", listener);
    };
  }, getCountry);
}
