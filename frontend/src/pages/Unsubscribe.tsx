import { useMutation } from "@tanstack/react-query";
import { useEffect } from "react";
import { useParams } from "react-router";

import { Problem } from "@/api/problem";
import { ButtonLink } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Page } from "@/components/Page";
import { Loading, Skeleton } from "@/components/Skeleton";
import { unsubscribe } from "@/features/reminders/queries";

/** The link of a reminder: to open it is enough, without signing in and without another click. */
export function Component() {
  const { token = "" } = useParams();
  const { mutate, status, error } = useMutation({ mutationFn: unsubscribe });
  useEffect(() => mutate(token), [mutate, token]);
  return (
    <Page title="Reminders by e-mail" className="wrap max-w-3xl pt-6 pb-16 md:pt-10">
      <h1 className="mb-6">Reminders by e-mail</h1>
      {status === "success" ? (
        <EmptyState title="You get no more reminders" action={<ButtonLink to="/search">See all products</ButtonLink>}>
          We do not remind you of your cart any more. E-mails about your orders come as before. Should you change your mind, your account has
          the box for it.
        </EmptyState>
      ) : status === "error" ? (
        error instanceof Problem && error.status === 404 ? (
          <EmptyState title="This link leads nowhere" action={<ButtonLink to="/account">Go to your account</ButtonLink>}>
            Perhaps a part of it is missing. Your account has a box by which you end the reminders as well.
          </EmptyState>
        ) : (
          <ErrorState subject="Your wish" error={error} onRetry={() => mutate(token)} />
        )
      ) : (
        <Loading subject="your wish">
          <Skeleton className="h-40 w-full" />
        </Loading>
      )}
    </Page>
  );
}
