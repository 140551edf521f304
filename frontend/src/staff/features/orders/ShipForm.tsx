import type { StaffOrder } from "@/api/types";
import { Field } from "@/components/Field";
import { showToast } from "@/components/toast";
import { FormDialog } from "@/staff/components/FormDialog";
import { useShip } from "@/staff/features/orders/queries";
import { readUnits, UnitFields } from "@/staff/features/orders/UnitFields";

interface ShipFormProps {
  order: StaffOrder;
  open: boolean;
  onClose: () => void;
}

/** A parcel: with whom it travels, and what is in it. At first all that is left. */
export function ShipForm({ order, open, onClose }: ShipFormProps) {
  const { mutateAsync: ship } = useShip(order.orderId);
  return (
    <FormDialog
      open={open}
      title="Send a parcel"
      action="Send it"
      onClose={onClose}
      onSend={async (values) => {
        await ship({ carrier: values.carrier ?? "", trackingNumber: values.trackingNumber ?? "", lines: readUnits(order.unitsToSend, values) });
        showToast("Recorded. The shopper gets an e-mail.");
      }}
    >
      {(errors) => (
        <>
          <Field label="Carrier" name="carrier" required maxLength={60} error={errors.carrier} />
          <Field label="Tracking number" name="trackingNumber" required maxLength={60} autoComplete="off" error={errors.trackingNumber} />
          <UnitFields order={order} units={order.unitsToSend} all errors={errors} />
        </>
      )}
    </FormDialog>
  );
}
