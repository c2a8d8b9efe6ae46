/** The map that a function of an expression is called with. */
import type { CallArgument, CallContext } from './call.ts'

/** @throws DiagnosticError where the argument is no map parameter. */
export function mapOf(
  arg: CallArgument | undefined,
  name: string,
  context: CallContext,
): Readonly<Record<string, unknown>> {
  if (arg === undefined) return {}
  if (arg.constant?.type === 'map') return arg.constant.value
  throw context.error(
    arg,
    { en: `${name}() needs a map parameter`, es: `${name}() necesita un parámetro de tipo mapa` },
    null,
  )
}
