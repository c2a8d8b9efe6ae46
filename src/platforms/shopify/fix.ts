/**
 * Files that correct Shopify: the product file and the inventory file, in the header generation of the export.
 *
 * - Product file (Shopify help, "Using CSV files to import and export products", read 2026-09 to 2026-11): a column that is
 *   not there keeps its values, an empty cell erases. Products are found by handle and need a title; columns of variants
 *   need the option columns, else all variants are replaced by a new one; an option value that changes makes a new
 *   variant. A file without `Status` can publish drafts.
 * - Whether variants that a file leaves out stay is nowhere said: every file carries all variants of a product.
 * - Inventory file (Shopify help, "Inventory CSV file", read 2026-11): of the quantities only `On hand (new)` is written, one
 *   row is a variant at a location, and on hand = available + committed + unavailable. `not stocked` is no quantity.
 */
import type { FixFormat } from '../fix.ts'
import { inventoryFix } from './fix-inventory.ts'
import { productFix } from './fix-products.ts'

export const fixes: readonly FixFormat[] = [productFix, inventoryFix]
