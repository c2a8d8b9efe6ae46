/** What the engine says of a statement in the sandbox, as our own error. */
import { SandboxError } from './sandbox.ts'

/** The engine tells its errors as JSON, sometimes behind their kind. */
export function sandboxError(error: unknown, head: number): SandboxError {
  const text = error instanceof Error ? error.message : String(error)
  const json = /\{.*\}/s.exec(text)?.[0] ?? '{}'
  let told: { exception_type?: string; exception_message?: string; position?: string } = {}
  try {
    told = JSON.parse(json)
  } catch {
    return new SandboxError('statement', text.split('\n')[0] ?? '')
  }
  if (told.exception_type === 'INTERRUPT') return new SandboxError('time', '')
  if (told.exception_type === 'Out of Memory') return new SandboxError('memory', '')
  return statementError(told.exception_message ?? text, told.position, head)
}

export function statementError(message: string, position: string | undefined, head = 0): SandboxError {
  const offset = position === undefined ? null : Math.max(0, Number(position) - head)
  return new SandboxError('statement', message.split('\n')[0] ?? '', offset)
}
