/** The engine that cases of rules run on. */
import { type Engine, ident, literal, type SqlRow, type SqlValue } from '../../engine/engine.ts'

/**
 * An engine whose every statement runs on the one connection that has the open transaction and the schema of the case,
 * so that a rollback leaves nothing of an audit behind.
 */
export class OneConnection implements Engine {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  run(sql: string): Promise<void> {
    return this.#engine.run(sql)
  }

  createInOrder(table: string, select: string): Promise<void> {
    return this.#engine.createInOrder(table, select)
  }

  async together(statements: readonly string[]): Promise<void> {
    for (const sql of statements) await this.#engine.run(sql)
  }

  beside(): Promise<Engine> {
    return Promise.resolve(this)
  }

  rows<Found extends SqlRow = SqlRow>(sql: string): Promise<readonly Found[]> {
    return this.#engine.rows<Found>(sql)
  }

  async *batches<Found extends SqlRow = SqlRow>(sql: string): AsyncIterable<readonly Found[]> {
    const rows = await this.#engine.rows<Found>(sql)
    if (rows.length > 0) yield rows
  }

  views<Found extends SqlRow = SqlRow>(sql: string): AsyncIterable<readonly Found[]> {
    return this.batches<Found>(sql)
  }

  async append(table: string, batches: AsyncIterable<readonly (readonly SqlValue[])[]>): Promise<void> {
    for await (const rows of batches) {
      const values = rows.map((row) => `(${row.map(literal).join(', ')})`)
      if (values.length > 0) await this.#engine.run(`INSERT INTO ${ident(table)} VALUES ${values.join(', ')}`)
    }
  }

  interrupt(): void {
    this.#engine.interrupt()
  }

  close(): Promise<void> {
    return this.#engine.close()
  }
}
