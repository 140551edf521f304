import { NavLink } from "react-router";

import { signOut, useSession } from "@/features/auth/session";
import { StaffIcon, type StaffIconName } from "@/staff/components/StaffIcon";
import { PAGES } from "@/staff/pages";

const ITEM = "flex min-h-9 w-full items-center gap-3 rounded-control px-2.5 text-left text-muted hover:bg-sunken hover:text-ink max-lg:justify-center";

export function Navigation({ onShowKeys }: { onShowKeys: () => void }) {
  const session = useSession();
  return (
    <div className="on-screen sticky top-0 flex h-dvh flex-col gap-1 overflow-y-auto border-r border-line px-2 py-3">
      <p className="mb-2 flex min-h-9 items-center px-2.5 font-serif text-[1.25rem] leading-none font-medium tracking-tight max-lg:justify-center max-lg:px-0">
        <span className="max-lg:hidden">e-com67</span>
        <span aria-hidden="true" className="lg:hidden">
          67
        </span>
      </p>
      <nav aria-label="Console">
        <ul className="space-y-0.5">
          {PAGES.map(({ path, title, icon, key }) => (
            <li key={path}>
              <NavLink
                to={`/${path}`}
                title={`${title} (g ${key})`}
                className={({ isActive }) => `${ITEM} ${isActive ? "bg-sunken font-semibold text-ink" : ""}`}
              >
                <Content icon={icon} text={title} />
              </NavLink>
            </li>
          ))}
        </ul>
      </nav>
      <div className="mt-auto space-y-0.5 border-t border-line pt-2">
        <button type="button" title="Keys (?)" onClick={onShowKeys} className={ITEM}>
          <Content icon="keyboard" text="Keys" />
        </button>
        <a href="/" title="The shop" className={ITEM}>
          <Content icon="shop" text="The shop" />
        </a>
        <button type="button" title="Sign out" onClick={() => void signOut().catch(() => undefined)} className={ITEM}>
          <Content icon="door" text="Sign out" />
        </button>
        {session.status === "signedIn" && (
          <p title={session.email} className="truncate px-2.5 pt-1 text-tiny text-muted max-lg:hidden">
            {session.email}
          </p>
        )}
      </div>
    </div>
  );
}

function Content({ icon, text }: { icon: StaffIconName; text: string }) {
  return (
    <>
      <StaffIcon name={icon} />
      <span className="truncate max-lg:sr-only">{text}</span>
    </>
  );
}
