import type { components } from "@/api/schema";

export type StaffProduct = components["schemas"]["StaffProduct"];
export type Product = components["schemas"]["ProductSnapshot"];
export type ProductInput = components["schemas"]["ReplacedProduct"];
export type HistoryLine = components["schemas"]["HistoryLine"];
export type ImportReport = components["schemas"]["ImportReport"];
export type PictureType = components["schemas"]["PictureUpload"]["contentType"];
