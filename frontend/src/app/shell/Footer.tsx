import { Link } from "react-router";

const LINKS = [
  { to: "/search", label: "All products" },
  { to: "/cart", label: "Cart" },
  { to: "/orders", label: "Orders" },
  { to: "/account", label: "Account" },
  { to: "/help", label: "Help" },
];

export function Footer() {
  return (
    <footer className="border-t border-line">
      {/* The padding keeps the floating chat button off the last line of the page. */}
      <div className="wrap flex flex-wrap items-baseline justify-between gap-x-10 gap-y-4 pt-8 pb-10 sm:pb-24">
        <p className="text-muted">
          <span className="font-serif text-lead text-ink">e-com67</span> · Well-made things, kept simple.
        </p>
        <nav aria-label="More">
          <ul className="flex flex-wrap gap-x-6 gap-y-2">
            {LINKS.map(({ to, label }) => (
              <li key={to}>
                <Link to={to} className="link">
                  {label}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      </div>
    </footer>
  );
}
