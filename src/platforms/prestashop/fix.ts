/**
 * Files that correct PrestaShop through Advanced parameters > Import. How the importer works (`AdminImportController.php` of
 * 1.6.1 and 8, read 2026-11):
 *
 * - Columns are taken by position; the page proposes the order of its sample files, and header texts mean nothing. So the
 *   file follows that order, from the ID to the last column that changes.
 * - Products: an empty cell keeps the value, but in columns of several languages (`Name`, delivery times), where it empties
 *   the text of the language of the import. Those are repeated; columns beyond `Quantity` are never written.
 * - Every comma becomes a point before a number is read: numbers are written with a point and without thousands.
 * - A quantity of 0 is not written, and with stock by warehouse quantities are added instead of set.
 * - Combinations: found by their reference, else a new one is made. What a row lacks is reset (cost, impact, EAN, weight,
 *   quantity, minimum, default, date), so rows are repeated whole, without their pictures.
 * - `Impact on price` is net, on top of the product's net price: it moves by as much as the price of the combination. A
 *   discount on the product moves along.
 */
import type { FixFormat } from '../fix.ts'
import { combinationFix } from './fix-combinations.ts'
import { productFix } from './fix-products.ts'

export const fixes: readonly FixFormat[] = [productFix, combinationFix]
