/** An engine that tells of each statement how long it took, for reports of bugs. */
import type { Engine, SqlRow } from './engine.ts'

export type OnStatement = (sql: string, ms: number) => void

export function traced(engine: Engine, onStatement: OnStatement): Engine {
  const timed = async <T>(sql: string, work: Promise<T>): Promise<T> => {
    const began = performance.now()
    try {
      return await work
    } finally {
      onStatement(sql, performance.now() - began)
    }
  }
  async function* streamed<T>(sql: string, rows: AsyncIterable<T>): AsyncGenerator<T> {
    const began = performance.now()
    try {
      yield* rows
    } finally {
      onStatement(sql, performance.now() - began)
    }
  }
  return {
    run: (sql) => timed(sql, engine.run(sql)),
    createInOrder: (table, select) => timed(`CREATE TABLE ${table} AS ${select}`, engine.createInOrder(table, select)),
    together: (statements) => timed(statements.join(';\n'), engine.together(statements)),
    beside: async () => traced(await engine.beside(), onStatement),
    rows: <Row extends SqlRow>(sql: string) => timed(sql, engine.rows<Row>(sql)),
    batches: <Row extends SqlRow>(sql: string) => streamed(sql, engine.batches<Row>(sql)),
    views: <Row extends SqlRow>(sql: string) => streamed(sql, engine.views<Row>(sql)),
    append: (table, rows) => timed(`-- append to ${table}`, engine.append(table, rows)),
    interrupt: () => engine.interrupt(),
    close: () => engine.close(),
  }
}
