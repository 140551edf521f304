import { useSyncExternalStore } from "react";

import { Icon } from "@/components/Icon";

function subscribe(listener: () => void): () => void {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}

export function OfflineBanner() {
  const online = useSyncExternalStore(subscribe, () => navigator.onLine);
  return (
    <div role="status">
      {!online && (
        <p className="bg-notable-tint">
          <span className="wrap flex items-center gap-2.5 py-2.5">
            <Icon name="offline" />
            You are offline. What you have seen is still here; the rest follows when you are back.
          </span>
        </p>
      )}
    </div>
  );
}
