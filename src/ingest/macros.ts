/**
 * The normalisers as DuckDB macros: cell text in, canonical value or NULL out. Each is written so that the common case
 * (already canonical) costs a cast, and only what the cast refuses reaches a regular expression.
 */
import type { Engine } from '../engine/engine.ts'

/** Blanks that spreadsheets and web shops put around values: space, tab, line ends, no-break and narrow no-break space. */
const BLANK = ' \t\r\n\u00a0\u202f\u2007\ufeff'
const BLANKS = `'${BLANK}'`

/** Currency words that may stand beside an amount. A word outside this list makes the cell unreadable, not a number. */
const CURRENCY_WORDS =
  'EUROS?|EUR|USD|GBP|MXN|ARS|CLP|COP|PEN|UYU|BRL|CHF|SEK|NOK|DKK|PLN|CZK|HUF|RON|BGN|ILS|NIS|TRY|JPY|CAD|AUD|INR|CRC|DOP|BOB|PYG|VES|GTQ|HNL|NIO|PAB'
const CURRENCY_SIGNS = 'US\\$|R\\$|MX\\$|A\\$|CA\\$|S/\\.?|€|\\$|£|₪|¥|₹|₺|ZŁ|KČ'

/** What stands in a column of GTINs where there is none, in lower case. */
const NO_CODE =
  '-+|n[./]?[ad][.]?|s/n|s/ean|none|null|does not apply|no aplica|no procede|no tiene|sin ean|sin gtin|sin c[oó]digo|sin c[oó]digo de barras|exento|gtin ?exempt'

/** Times of day behind a date, the likeliest first. */
const CLOCKS = [
  '',
  ' %H:%M:%S',
  ' %H:%M',
  ', %H:%M:%S',
  ', %H:%M',
  ' %I:%M:%S %p',
  ' %I:%M %p',
  ', %I:%M:%S %p',
  ', %I:%M %p',
]

function dates(beginnings: readonly string[]): string {
  return `[${CLOCKS.flatMap((clock) => beginnings.map((begin) => `'${begin}%Y${clock}'`)).join(', ')}]`
}

const MACROS: readonly string[] = [
  // Plain at both ends: nothing to trim, no guard, no Excel notation. Nearly every cell, so it is told by comparing texts,
  // which costs a fifth of taking characters out of them: the first from ( to ~ without =, or a Latin letter from À to ÿ.
  `op_plain(x) AS (x >= '(' AND x < '\u007f' AND (x < '=' OR x >= '>') OR x >= 'À' AND x < 'Ā') AND NOT (${[...BLANK].map((blank) => `suffix(x, '${blank}')`).join(' OR ')})`,
  `op_text(x) AS CASE WHEN op_plain(x) THEN x ELSE
     nullif(trim(CASE WHEN starts_with(x, '''') THEN regexp_replace(x, '^''([=+@\\-\\t\\r])', '\\1') ELSE x END, ${BLANKS}), '') END`,
  // Excel's way to keep zeros (="00123") and the formula guard's apostrophe are notation, not part of a code.
  `op_key(x) AS CASE WHEN op_plain(x) THEN x ELSE nullif(trim(CASE
     WHEN starts_with(x, '=') THEN regexp_replace(x, '^="?([^"]*)"?$', '\\1')
     WHEN starts_with(x, '''') THEN substr(x, 2)
     ELSE x END, ${BLANKS}), '') END`,
  // The same for a file that has no other blank than a space.
  `op_spaced_text(x) AS CASE WHEN x >= '(' AND NOT suffix(x, ' ') THEN x ELSE op_text(x) END`,
  `op_spaced_key(x) AS CASE WHEN x >= '(' AND NOT suffix(x, ' ') AND (x < '=' OR x >= '>') THEN x ELSE op_key(x) END`,
  // Twelve or thirteen digits without a zero in front, told by the number they make: only an exponent could make a shorter
  // text as long a number.
  `op_long(x, n) AS (strlen(x) = 13 AND n BETWEEN 1000000000000 AND 9999999999999 OR strlen(x) = 12 AND n BETWEEN 100000000000 AND 999999999999)
     AND x >= '1' AND x < ':' AND NOT contains(x, 'e') AND NOT contains(x, 'E')`,
  // GS1 General Specifications 7.9: weights 3 and 1 from the right, so the same sum fits 8, 12, 13 and 14 digits.
  // Quotients stand for digits: what they have too much is a multiple of ten.
  `op_mod10(n) AS (n + n // 100 + n // 10000 + n // 1000000 + n // 100000000 + n // 10000000000 + n // 1000000000000
     + 3 * (n // 10 + n // 1000 + n // 100000 + n // 10000000 + n // 1000000000 + n // 100000000000 + n // 10000000000000)) % 10 = 0`,
  // A code that a spreadsheet took for a number and wrote with decimals or thousands: no digit of it is lost.
  `op_amount_digits(k) AS CASE WHEN regexp_full_match(k, '[0-9]{8,14}[.,]0+') THEN regexp_extract(k, '^[0-9]+')
     WHEN regexp_full_match(k, '[0-9]{1,3}([.][0-9]{3}){2,4}(,0+)?') THEN replace(regexp_extract(k, '^[0-9.]+'), '.', '')
     WHEN regexp_full_match(k, '[0-9]{1,3}(,[0-9]{3}){2,4}([.]0+)?') THEN replace(regexp_extract(k, '^[0-9,]+'), ',', '') END`,
  `op_whole(d) AS list_transform([try_cast(d AS BIGINT)], lambda n: CASE WHEN length(d) IN (8, 12, 13, 14) AND op_mod10(n) THEN d END)[1]`,
  // What stands in one of these more than once is the argument of a function of its own: the engine would make a column of
  // it otherwise, and compute it for all the codes that need none of this.
  `op_gtin(x) AS CASE WHEN regexp_full_match(x, '[0-9]+') THEN x ELSE list_transform([op_key(x)], lambda k:
     CASE WHEN regexp_full_match(k, '[0-9][0-9 \u00a0-]*[0-9Xx]') THEN upper(regexp_replace(k, '[ \u00a0-]', '', 'g'))
       WHEN k >= '0' AND k < ':' THEN coalesce(op_whole(op_amount_digits(k)), k)
       WHEN regexp_full_match(lower(k), '${NO_CODE}') THEN NULL ELSE k END)[1] END`,
  // An amount without currency, blanks and the trailing or bracketed minus that accounting exports write.
  `op_bare(x) AS regexp_replace(regexp_replace(regexp_replace(upper(x),
     '(${CURRENCY_SIGNS})|(^|[^A-Z])(${CURRENCY_WORDS})([^A-Z]|$)', '\\2\\4', 'g'),
     '[ \\t\\r\\n\u00a0\u202f\u2007''’]', '', 'g'),
     '^(?:\\(([^()]*)\\)|([^-]+)-)$', '-\\1\\2')`,
  // Groups of thousands begin with a digit that is none of nothing: 0,001 is a thousandth.
  // The argument stands once in each of these: the engine would compute a repeated one for every row, wanted or not.
  `op_dot(b) AS try_cast(replace(regexp_extract(b, '^(?:[-+]?(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\\.[0-9]*)?|[-+]?\\.[0-9]+)$'), ',', '') AS DECIMAL(18,6))`,
  `op_comma(b) AS try_cast(replace(replace(regexp_extract(b, '^(?:[-+]?(?:[1-9][0-9]{0,2}(?:\\.[0-9]{3})+|[0-9]+)(?:,[0-9]*)?|[-+]?,[0-9]+)$'), '.', ''), ',', '.') AS DECIMAL(18,6))`,
  // One mark with exactly three digits behind it can be either; everything else says itself what its mark is.
  `op_open(b) AS regexp_full_match(b, '[-+]?[1-9][0-9]{0,2}[.,][0-9]{3}')`,
  `op_either(b) AS CASE WHEN op_open(b) THEN NULL
     WHEN regexp_full_match(b, '[-+]?([1-9][0-9]{0,2}(,[0-9]{3})+)(\\.[0-9]*)?|[-+]?[0-9]*(\\.[0-9]+)?') THEN op_dot(b)
     ELSE op_comma(b) END`,
  // What begins with a digit is left to the engine; it takes a sign with a blank behind it for nought.
  `op_number_dot(x) AS CASE WHEN x IS NOT NULL THEN coalesce(CASE WHEN x >= '0' AND x < ':' THEN try_cast(x AS DECIMAL(18,6)) END, op_dot(op_bare(x))) END`,
  `op_number_comma(x) AS CASE WHEN x IS NOT NULL THEN
     coalesce(CASE WHEN x >= '0' AND x < ':' AND NOT contains(x, '.') THEN try_cast(replace(x, ',', '.') AS DECIMAL(18,6)) END, op_comma(op_bare(x))) END`,
  `op_number_either(x) AS op_either(op_bare(x))`,
  `op_bool(x) AS CASE
     WHEN lower(op_text(x)) IN ('true', '1', 'yes', 'y', 'si', 'sí', 's', 'verdadero', 'v', 't', 'x', 'on', 'activo', 'activa', 'active', 'enabled', '1.0') THEN true
     WHEN lower(op_text(x)) IN ('false', '0', 'no', 'n', 'falso', 'f', 'off', 'inactivo', 'inactiva', 'inactive', 'disabled', '0.0') THEN false END`,
  `op_currency(x) AS CASE
     WHEN regexp_full_match(op_text(x), '[A-Za-z]{3}') THEN upper(op_text(x))
     WHEN contains(x, '€') THEN 'EUR' WHEN contains(x, '£') THEN 'GBP' WHEN contains(x, '₪') THEN 'ILS'
     WHEN contains(x, 'US$') THEN 'USD' WHEN contains(x, 'R$') THEN 'BRL'
     ELSE nullif(regexp_extract(upper(x), '(?:^|[^A-Z])(${CURRENCY_WORDS.replace('EUROS?|', '')})(?:[^A-Z]|$)', 1), '') END`,
  `op_list(x) AS nullif(regexp_replace(trim(op_text(x), ',;| '), '\\s*[,;|]\\s*', ',', 'g'), '')`,
  `op_digits(g) AS list_transform([try_cast(g AS BIGINT)], lambda n: CASE WHEN op_long(g, n) OR regexp_full_match(g, '[0-9]{1,14}') THEN n END)[1]`,
  `op_isbn10(g) AS CASE WHEN regexp_full_match(g, '[0-9]{9}[0-9X]') AND (10 * (ascii(g[1]) - 48) + 9 * (ascii(g[2]) - 48) + 8 * (ascii(g[3]) - 48)
     + 7 * (ascii(g[4]) - 48) + 6 * (ascii(g[5]) - 48) + 5 * (ascii(g[6]) - 48) + 4 * (ascii(g[7]) - 48) + 3 * (ascii(g[8]) - 48)
     + 2 * (ascii(g[9]) - 48) + CASE WHEN g[10] = 'X' THEN 10 ELSE ascii(g[10]) - 48 END) % 11 = 0
     THEN 978000000000 + try_cast(g[1:9] AS BIGINT) END`,
  `op_with_check(n12) AS n12 * 10 + (10 - (3 * (n12 % 10 + (n12 // 100) % 10 + (n12 // 10000) % 10 + (n12 // 1000000) % 10 + (n12 // 100000000) % 10 + (n12 // 10000000000) % 10)
     + (n12 // 10) % 10 + (n12 // 1000) % 10 + (n12 // 100000) % 10 + (n12 // 10000000) % 10 + (n12 // 1000000000) % 10 + (n12 // 100000000000) % 10) % 10) % 10`,
  // In-store and coupon ranges by the GTIN-13 form: 02, 04, 05, 2x, 98, 99 of the 13 digits; GTIN-8 0 and 2 (GS1 prefix list).
  `op_reserved(prefix) AS prefix BETWEEN 20 AND 29 OR prefix = 2 OR prefix = 4 OR prefix = 5 OR prefix = 98 OR prefix = 99`,
  `op_restricted(n, len) AS CASE WHEN len = 8 THEN n // 10000000 IN (0, 2) ELSE op_reserved((n % 10000000000000) // 100000000000) END`,
  // A thirteen-digit code that is in order and in no range of its own: nearly every code of a shop outside North America.
  // 30 to 97 are neither reserved nor has anybody's placeholder such a prefix.
  `op_ean(g, n) AS n BETWEEN 3000000000000 AND 9799999999999 AND strlen(g) = 13 AND g >= '1' AND NOT contains(g, 'e')
     AND NOT contains(g, 'E') AND op_mod10(n)`,
  // `n` is op_digits of it, computed once.
  `op_gtin_state(g, n) AS CASE
     WHEN g IS NULL THEN NULL
     WHEN n IS NOT NULL AND length(g) IN (8, 12, 13, 14) THEN
       CASE WHEN n IN (0, 123456789012, 1234567890128, 1234567890123, 1111111111111, 9999999999999, 9999999999994, 99999999999994) THEN 'placeholder'
            WHEN NOT op_mod10(n) THEN 'check_digit'
            WHEN op_restricted(n, length(g)) THEN 'restricted'
            ELSE 'ok' END
     WHEN regexp_full_match(g, '[0-9]([.,][0-9]+)?[eE][+]?[0-9]+') THEN 'scientific'
     WHEN regexp_full_match(g, '0+') THEN 'placeholder'
     WHEN op_isbn10(g) IS NOT NULL AND NOT (n IS NOT NULL AND op_mod10(n)) THEN 'isbn10'
     WHEN length(g) IN (9, 10, 11) AND op_mod10(n) THEN 'lost_zero'
     WHEN n IS NOT NULL AND length(g) < 8 THEN 'internal'
     ELSE 'length' END`,
  `op_gtin14(g, n, state) AS CASE WHEN state IN ('ok', 'lost_zero', 'restricted') THEN n
     WHEN state = 'isbn10' THEN list_transform([op_isbn10(g)], lambda i: op_with_check(i))[1] END`,
  `op_offset(x) AS CASE WHEN regexp_full_match(x, '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)? ?(Z|UTC|[+-][0-9]{2}:?[0-9]{2})')
     THEN try_cast(regexp_replace(regexp_replace(regexp_replace(x, ' ?UTC$', 'Z'), ' ?([+-][0-9]{2}):?([0-9]{2})$', '\\1:\\2'), '([T ][0-9]{1,2}:[0-9]{2})(Z|[+-])', '\\1:00\\2') AS TIMESTAMPTZ) AT TIME ZONE 'UTC' END`,
  // The engine's own notation is left to the engine, which reads it thirty times as fast as by a pattern.
  `op_ymd(x) AS CASE WHEN regexp_full_match(x, '[0-9]{4}-[0-9]{2}-[0-9]{2}([ T]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9])?') THEN try_cast(x AS TIMESTAMP)
     WHEN regexp_full_match(x, '[0-9]{4}.*') THEN try_strptime(x, ['%Y-%m-%d %H:%M:%S', '%Y-%m-%dT%H:%M:%S', '%Y-%m-%d %H:%M', '%Y-%m-%dT%H:%M', '%Y-%m-%d', '%Y/%m/%d', '%Y/%m/%d %H:%M:%S', '%Y%m%d', '%Y-%m-%d %H:%M:%S.%f']) END`,
  // A year of two digits is read as one of the first century. Three digits are none. Of an argument that stood in it more
  // than once the engine would make a column, and read every cell by every pattern.
  `op_year(t) AS list_transform([t], lambda y: CASE WHEN y >= TIMESTAMP '1000-01-01' THEN y WHEN y < TIMESTAMP '0069-01-01' THEN y + INTERVAL 2000 YEAR
     WHEN y < TIMESTAMP '0100-01-01' THEN y + INTERVAL 1900 YEAR END)[1]`,
  `op_dmy(x) AS CASE WHEN regexp_full_match(x, '[0-9]{4}.*') THEN op_ymd(x)
     ELSE op_year(try_strptime(x, ${dates(['%d/%m/', '%d.%m.', '%d-%m-'])})) END`,
  `op_mdy(x) AS CASE WHEN regexp_full_match(x, '[0-9]{4}.*') THEN op_ymd(x) ELSE op_year(try_strptime(x, ${dates(['%m/%d/', '%m-%d-'])})) END`,
  // A clock time that does not exist or exists twice on a DST day is resolved by the zone data, always the same way.
  `op_at(t, zone) AS timezone('UTC', timezone(zone, t))`,
  `op_dated(x) AS regexp_full_match(x, '[0-9]{4}[-/]?[0-9]{2}[-/]?[0-9]{2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.]([0-9]{2}|[0-9]{4})')`,
]

/** Creates the normalisers in a fresh store. */
export async function createMacros(engine: Engine): Promise<void> {
  await engine.run(MACROS.map((macro) => `CREATE OR REPLACE MACRO ${macro}`).join(';\n'))
}
