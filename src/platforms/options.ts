/**
 * Option columns (`Option1 Name` = "Talla", `Option1 Value` = "39") to attributes, for platforms whose shops name the
 * options themselves.
 */

/** What shops call an option, folded: lower case, without accents. */
const optionWords = {
  size: ['size', 'talla', 'talle', 'tamano', 'tam', 'tam.', 'medida', 'numero', 'taille', 'tamanho'],
  color: ['color', 'colour', 'colores', 'color/es', 'tono', 'cor', 'couleur', 'colore'],
  material: ['material', 'tejido', 'fabric', 'composicion'],
  gender: ['gender', 'sex', 'genero', 'sexo'],
} as const

export type OptionAttribute = keyof typeof optionWords

/**
 * SQL of the value whose option name means the attribute; NULL when no option of the record does.
 *
 * @param pairs - Logical columns of option name and option value, in order: the first match counts.
 */
export function optionValue(
  attribute: OptionAttribute,
  pairs: readonly (readonly [name: string, value: string])[],
): string {
  const list = optionWords[attribute].map((word) => `'${word}'`).join(', ')
  const cases = pairs.map(
    ([name, value]) => `WHEN lower(strip_accents(trim({${name}}))) IN (${list}) THEN {${value}:text}`,
  )
  return `CASE ${cases.join(' ')} END`
}
