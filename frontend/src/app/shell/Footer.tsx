import { Link } from "react-router";

const SHOP_LINKS = [
  { to: "/search", label: "All products" },
  { to: "/cart", label: "Cart" },
  { to: "/orders", label: "Orders" },
  { to: "/account", label: "Account" },
  { to: "/help", label: "Help" },
];

/** What the law asks a shop to tell on every page. */
export const LEGAL_LINKS = [
  { to: "/withdraw", label: "Withdraw from the contract here" },
  { to: "/help/returns", label: "Returns" },
  { to: "/help/privacy", label: "Privacy" },
  { to: "/help/terms", label: "Terms" },
  { to: "/help/imprint", label: "Imprint" },
];

export function Footer() {
  return (
    <footer className="border-t border-line">
      {/* The padding keeps the floating chat button off the last line of the page. */}
      <div className="wrap flex flex-wrap items-baseline justify-between gap-x-10 gap-y-4 pt-8 pb-10 sm:pb-24">
        <p className="text-muted">
          <span className="font-serif text-lead text-ink">e-com67</span> · Well-made things, kept simple.
        </p>
        <div className="space-y-2 sm:text-right">
          <FooterLinks label="More" links={SHOP_LINKS} />
          <FooterLinks label="Legal" links={LEGAL_LINKS} />
        </div>
      </div>
    </footer>
  );
}

function FooterLinks({ label, links }: { label: string; links: readonly { to: string; label: string }[] }) {
  return (
    <nav aria-label={label}>
      <ul className="flex flex-wrap gap-x-6 gap-y-2 sm:justify-end">
        {links.map((link) => (
          <li key={link.to}>
            <Link to={link.to} className="link">
              {link.label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
