/** Short names for the schemas of the API. */
import type { components } from "@/api/schema";

type Schemas = components["schemas"];

export type Money = Schemas["Money"];
export type Product = Schemas["ProductSnapshot"];
export type FoundProduct = Schemas["FoundProduct"];
export type Facets = Schemas["FacetCounts"];
export type ValueCount = Schemas["ValueCount"];
export type PriceCount = Schemas["PriceCount"];
export type Interpretation = Schemas["AppliedInterpretation"];
export type Suggestions = Schemas["SuggestionList"];
export type Category = Schemas["Category"];
export type Cart = Schemas["PricedCart"];
export type CartLine = Schemas["PricedLine"];
export type CartNotice = Schemas["CartNotice"];
export type MergedCart = Schemas["MergedCart"];
export type Order = Schemas["OrderView"];
export type OrderDocument = Schemas["DocumentView"];
export type LinkedOrder = Schemas["LinkedOrderView"];
export type ReturnsOfOrder = Schemas["ReturnsOfOrder"];
export type Return = Schemas["ReturnView"];
export type StaffReturn = Schemas["StaffReturnView"];
export type WithdrawalRequest = Schemas["WithdrawalRequest"];
export type PlacedOrder = Schemas["PlacedOrder"];
export type Profile = Schemas["ProfileView"];
export type Address = Schemas["AddressView"];
export type ShippingAddress = Schemas["ShippingAddress"];
export type AddressFormat = Schemas["AddressFormatView"];
export type DeliveryQuestion = Schemas["DeliveryQuestion"];
export type DeliveryOption = Schemas["DeliveryOptionView"];
export type DeliveryQuote = Schemas["DeliveryQuoteView"];
export type ProblemDetails = Schemas["Problem"];
