import type { Profile } from "@/api/types";
import { Button } from "@/components/Button";
import { Field } from "@/components/Field";
import { FormError } from "@/components/FormError";
import { showToast } from "@/components/toast";
import { useForm } from "@/components/useForm";
import { useUpdateProfile } from "@/features/account/queries";

export function ProfileForm({ profile }: { profile: Profile }) {
  const { mutateAsync } = useUpdateProfile();
  const { errors, busy, form } = useForm(async ({ name = "", phone = "" }) => {
    await mutateAsync({
      name: name.trim() || null,
      phone: phone.replace(/[\s()/-]/g, "") || null,
    });
    showToast("Your details are saved.");
  });
  return (
    <form {...form} className="max-w-md space-y-4">
      <p>
        <span className="block font-semibold">E-mail address</span>
        {profile.email}
      </p>
      <Field label="Name" name="name" autoComplete="name" defaultValue={profile.name ?? ""} error={errors.name} />
      <Field
        label="Telephone (optional)"
        name="phone"
        type="tel"
        autoComplete="tel"
        hint="With the code of the country, such as +1 503 555 0100."
        defaultValue={profile.phone ?? ""}
        error={errors.phone && "This is not a number with the code of its country, such as +1 503 555 0100."}
      />
      <FormError text={errors[""]} />
      <Button type="submit" busy={busy}>
        Save
      </Button>
    </form>
  );
}
