import { Dialog } from "@/components/Dialog";
import { readableKeys, useRegisteredShortcuts } from "@/staff/components/shortcuts";

/** Lists the keys of the page that is open. */
export function KeysDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const shortcuts = useRegisteredShortcuts();
  return (
    <Dialog open={open} title="Keys" onClose={onClose}>
      <dl className="divide-y divide-line">
        {shortcuts.map(({ keys, label }) => (
          <div key={keys} className="flex items-center justify-between gap-4 py-2">
            <dt>{label}</dt>
            <dd className="flex items-center gap-1">
              {readableKeys(keys).map((key, index) => (
                <kbd key={index} className="keycap">
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
        <div className="flex items-center justify-between gap-4 py-2">
          <dt>Close a dialog, leave a field</dt>
          <dd>
            <kbd className="keycap">Esc</kbd>
          </dd>
        </div>
      </dl>
    </Dialog>
  );
}
