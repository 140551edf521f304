import { Link } from "react-router";

import { CategoryBar } from "@/app/shell/CategoryBar";
import { Icon } from "@/components/Icon";
import { useSession } from "@/features/auth/session";
import { useCart } from "@/features/cart/useCart";
import { ChatLauncher } from "@/features/chat/ChatLauncher";
import { SearchBox } from "@/features/search/SearchBox";

export function Header() {
  return (
    <header className="border-b border-line bg-page">
      <div className="wrap grid grid-cols-[1fr_auto] items-center gap-x-6 gap-y-3 py-3 md:grid-cols-[auto_1fr_auto] md:py-4">
        <Link to="/" className="-my-1 py-1 font-serif text-[1.625rem] leading-none font-medium tracking-tight">
          e-com67
        </Link>
        <div className="order-last col-span-2 md:order-none md:col-span-1 md:mx-auto md:w-full md:max-w-xl">
          <SearchBox />
        </div>
        <div className="-mr-2.5 flex items-center">
          <nav aria-label="Your things" className="flex items-center">
            <AccountLink />
            <CartLink />
          </nav>
          <ChatLauncher />
        </div>
      </div>
      <CategoryBar />
    </header>
  );
}

const BUTTON_CLASSES = "relative flex min-h-11 items-center gap-2 rounded-control px-2.5 font-semibold hover:bg-sunken";

function AccountLink() {
  const session = useSession();
  if (session.status === "signedIn") {
    const [firstName] = (session.name ?? "").split(" ");
    return (
      <Link to="/account" aria-label={firstName ? `${firstName}, your account` : "Account"} className={BUTTON_CLASSES}>
        <Icon name="person" className="size-6" />
        <span className="max-w-28 truncate max-md:hidden">{firstName === "" ? "Account" : firstName}</span>
      </Link>
    );
  }
  return (
    <Link to="/sign-in" className={BUTTON_CLASSES}>
      <Icon name="person" className="size-6" />
      <span className="max-md:sr-only">Sign in</span>
    </Link>
  );
}

function CartLink() {
  const { count } = useCart();
  return (
    <Link to="/cart" aria-label={`Cart, ${count === 1 ? "1 item" : `${count} items`}`} className={`${BUTTON_CLASSES} ${count > 0 ? "gap-3.5" : ""}`}>
      <span className="relative">
        <Icon name="bag" className="size-6" />
        {count > 0 && (
          // Generated content, so that it is no text: the accessible name has to begin with the visible text.
          <span
            aria-hidden="true"
            data-count={count > 99 ? "99+" : count}
            className="absolute -top-1.5 -right-2 flex h-5 min-w-5 items-center justify-center rounded-full bg-action px-1 text-[0.75rem] leading-none font-bold text-on-action tabular-nums before:content-[attr(data-count)]"
          />
        )}
      </span>
      <span className="max-md:hidden">Cart</span>
    </Link>
  );
}
