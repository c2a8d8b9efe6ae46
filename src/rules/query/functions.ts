/**
 * Functions that queries of rules may call. What is missing on purpose: whatever reads files or settings, differs from run to
 * run, or makes much out of little (`repeat`, `lpad`, `range`): the engine does not count all the memory of such values.
 */
const WORDS = [
  // operators
  '+ - * / // % || ~~ !~~ ~~* !~~* ~~~ ^@',
  // choosing
  'coalesce ifnull nullif greatest least if',
  // text
  'lower upper trim ltrim rtrim length len strlen substring substr left right starts_with ends_with prefix suffix contains',
  'instr strpos position split_part string_split str_split reverse strip_accents nfc_normalize concat concat_ws replace',
  'regexp_matches regexp_full_match regexp_extract regexp_replace levenshtein damerau_levenshtein jaccard jaro_similarity',
  'jaro_winkler_similarity hamming ascii unicode like_escape not_like_escape ilike_escape',
  // numbers
  'abs round floor ceil ceiling trunc sign mod',
  // time
  'date_trunc datetrunc date_part datepart date_diff datediff epoch epoch_ms year month day hour minute second quarter week',
  'isodow dayofweek dayofyear last_day strftime strptime try_strptime make_date make_timestamp to_years to_months to_days',
  'to_hours to_minutes to_seconds',
  // lists
  'list_value list_contains list_has array_contains array_length list_distinct list_unique list_sort list_has_any',
  'list_has_all list_extract array_extract list_apply list_transform list_filter unnest struct_extract',
  // aggregates
  'count count_star sum min max avg median mode any_value first last arg_min arg_max min_by max_by count_if bool_and bool_or',
  'string_agg listagg group_concat list array_agg stddev stddev_samp stddev_pop var_samp var_pop quantile_cont quantile_disc',
  // windows
  'row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value',
  // ours
  'as_of norm',
] as const

export const QUERY_FUNCTIONS: ReadonlySet<string> = new Set(WORDS.flatMap((line) => line.split(' ')))

/** Texts that are joined: so many in one query make no text that is too long for the machine. */
export const MOST_JOINED = 24
export const JOINING: ReadonlySet<string> = new Set(['||', 'concat', 'concat_ws'])
/** Their replacement has to be a constant of at most one character. */
export const REPLACING: ReadonlySet<string> = new Set(['replace', 'regexp_replace'])
