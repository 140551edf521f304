import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router";

import { Problem } from "@/api/problem";
import { Alert } from "@/components/Alert";
import { Button, ButtonLink } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Panel } from "@/components/Panel";
import { path } from "@/components/path";
import { Loading, Skeleton } from "@/components/Skeleton";
import { showToast } from "@/components/toast";
import { Badge } from "@/staff/components/Badge";
import { ConfirmDialog } from "@/staff/components/ConfirmDialog";
import { ConsolePage } from "@/staff/components/ConsolePage";
import { Facts } from "@/staff/components/Facts";
import { changedFields, nameFields } from "@/staff/features/products/productForm";
import { ProductForm } from "@/staff/features/products/ProductForm";
import { ProductHistory } from "@/staff/features/products/ProductHistory";
import { currentProduct, deleteProduct, productQuery, PRODUCTS_KEY, replaceProduct } from "@/staff/features/products/queries";
import type { StaffProduct } from "@/staff/features/products/types";

const BACK = { to: "/products", title: "Products" };

export function Component() {
  const { productId = "" } = useParams();
  const { data, error, isPending, isFetching, refetch } = useQuery(productQuery(productId));
  if (data) return <Editor key={productId} latest={data} />;
  return (
    <ConsolePage title="Product" back={BACK}>
      {isPending ? (
        <Loading subject="the product" className="space-y-4">
          <Skeleton className="h-56" />
          <Skeleton className="h-40" />
        </Loading>
      ) : error instanceof Problem && error.status === 404 ? (
        <EmptyState title="There is no such product" action={<ButtonLink to="/products">All products</ButtonLink>}>
          It may have been deleted.
        </EmptyState>
      ) : (
        <ErrorState subject="The product" error={error} onRetry={refetch} busy={isFetching} />
      )}
    </ConsolePage>
  );
}

const FORM = "product";

/** Edits a product as it was when it was opened: what others do to it meanwhile is shown when it is saved. */
function Editor({ latest }: { latest: StaffProduct }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [opened, setOpened] = useState(latest);
  const [theirs, setTheirs] = useState<StaffProduct>();
  const [busy, setBusy] = useState(false);
  const [isDeleting, setDeleting] = useState(false);
  const { product, version } = opened;
  const { productId } = product;

  async function readAgain(): Promise<void> {
    const query = productQuery(productId);
    await client.invalidateQueries({ queryKey: PRODUCTS_KEY });
    setOpened(await client.query(query));
    setTheirs(undefined);
  }

  return (
    <ConsolePage
      title={product.name}
      back={BACK}
      aside={product.status === "HIDDEN" ? <Badge>Hidden</Badge> : <Badge tone="good">In the shop</Badge>}
      actions={
        <>
          <Button variant="secondary" onClick={() => setDeleting(true)}>
            Delete
          </Button>
          <Button type="submit" form={FORM} busy={busy}>
            Save
          </Button>
        </>
      }
    >
      <ProductForm
        // Another version fills the fields anew.
        key={version}
        id={FORM}
        product={product}
        onBusy={setBusy}
        onSend={async (changed) => {
          try {
            await replaceProduct(productId, theirs?.version ?? version, changed);
          } catch (error) {
            const current = currentProduct(error);
            if (!current) throw error;
            setTheirs(current);
            return;
          }
          await readAgain();
          showToast("Saved.");
        }}
        notice={theirs && <Conflict opened={opened} theirs={theirs} onTake={() => { setOpened(theirs); setTheirs(undefined); }} />}
        side={
          <>
            <Panel title="Elsewhere">
              <Facts
                facts={[
                  ["Id", <code key="id" className="text-small">{productId}</code>],
                  ["Stock", <Link key="stock" to={path`/stock/${productId}`} className="link">Units and movements</Link>],
                  ["Shop", product.status === "ACTIVE" && <a key="shop" href={path`/p/${productId}`} className="link">The page that shoppers see</a>],
                ]}
              />
            </Panel>
            <ProductHistory history={opened.history} />
          </>
        }
      />
      <ConfirmDialog
        open={isDeleting}
        title="Delete this product?"
        action="Delete it"
        danger
        onConfirm={async () => {
          await deleteProduct(productId, version);
          client.removeQueries({ queryKey: productQuery(productId).queryKey });
          await client.invalidateQueries({ queryKey: PRODUCTS_KEY });
          showToast(`${product.name} is deleted.`);
          await navigate("/products");
        }}
        onClose={() => setDeleting(false)}
      >
        <p>
          It leaves the shop, every cart and the search, and cannot be brought back. Orders keep it. To take it out of the shop for a while, untick
          “Shoppers see it” instead.
        </p>
      </ConfirmDialog>
    </ConsolePage>
  );
}

function Conflict({ opened, theirs, onTake }: { opened: StaffProduct; theirs: StaffProduct; onTake: () => void }) {
  const fields = changedFields(opened.product, theirs.product);
  return (
    <Alert tone="warning">
      <p className="font-semibold">Somebody has changed this product since you opened it{fields.length > 0 && `: ${nameFields(fields)}`}.</p>
      <p className="mt-1">Nothing is saved yet. Save again to keep what you have entered in all fields, or take what is stored now and enter yours again.</p>
      <Button variant="secondary" className="mt-2" onClick={onTake}>
        Show what is stored now
      </Button>
    </Alert>
  );
}
