import { useQuery } from "@tanstack/react-query";

import { ButtonLink } from "@/components/Button";
import { ErrorState } from "@/components/ErrorState";
import { Page } from "@/components/Page";
import { Panel } from "@/components/Panel";
import { Loading, Skeleton } from "@/components/Skeleton";
import { AddressBook } from "@/features/account/AddressBook";
import { DeleteAccount } from "@/features/account/DeleteAccount";
import { ExportData } from "@/features/account/ExportData";
import { ProfileForm } from "@/features/account/ProfileForm";
import { profileQuery } from "@/features/account/queries";
import { SignOut } from "@/features/account/SignOut";
import { CartReminderCheckbox } from "@/features/reminders/CartReminderCheckbox";

export function Component() {
  return (
    <Page title="Your account">
      <div className="mx-auto max-w-3xl space-y-6">
        <div className="flex flex-wrap items-center justify-between gap-4">
          <h1>Your account</h1>
          <ButtonLink to="/orders" variant="secondary">
            Your orders
          </ButtonLink>
        </div>
        <Panel title="Your details">
          <ProfileSection />
        </Panel>
        <Panel title="E-mails">
          <EmailSection />
        </Panel>
        <Panel title="Addresses">
          <AddressBook />
        </Panel>
        <Panel title="Signed in">
          <SignOut />
        </Panel>
        <Panel title="Your data">
          <ExportData />
        </Panel>
        <Panel title="Delete the account">
          <DeleteAccount />
        </Panel>
      </div>
    </Page>
  );
}

/** The details above show an error of the profile, and load it again. */
function EmailSection() {
  const { data } = useQuery(profileQuery);
  return data ? <CartReminderCheckbox profile={data} /> : <Skeleton className="h-11 max-w-md" />;
}

function ProfileSection() {
  const { data, error, isPending, isFetching, refetch } = useQuery(profileQuery);
  if (isPending) {
    return (
      <Loading subject="your details" className="max-w-md space-y-4">
        <Skeleton className="h-11" />
        <Skeleton className="h-11" />
      </Loading>
    );
  }
  if (!data) return <ErrorState subject="Your details" error={error} onRetry={refetch} busy={isFetching} />;
  return <ProfileForm profile={data} />;
}
