import { useOnline } from "@/app/shell/online";
import { Icon } from "@/components/Icon";

export function OfflineBanner() {
  const online = useOnline();
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
