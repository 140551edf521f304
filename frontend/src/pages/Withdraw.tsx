import { Link } from "react-router";

import { Page } from "@/components/Page";
import { WithdrawByNumber } from "@/features/returns/WithdrawByNumber";

export function Component() {
  return (
    <Page title="Withdraw from the contract" className="wrap max-w-3xl pt-6 pb-16 md:pt-10">
      <h1 className="mb-4">Withdraw from the contract</h1>
      <p className="mb-6 text-muted">
        You need not sign in or give a reason. See your <Link to="/help/withdrawal" className="link">right of withdrawal</Link>.
      </p>
      <WithdrawByNumber />
    </Page>
  );
}
