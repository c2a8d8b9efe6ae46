/** What stands around the statements of a script in each dialect, so that all of them are done or none. */
import type { Dialect } from './database.ts'

export interface Guarded {
  /** The UPDATE, without a semicolon. */
  readonly update: string
  /** A quoted text: which cell it is. */
  readonly label: string
}

export interface Skeleton {
  readonly notes: readonly string[]
  readonly begin: string
  /** A further condition of every UPDATE; null without one. */
  readonly condition: string | null
  chunk(statements: readonly Guarded[]): string
  end(count: number): string
  readonly advice: { readonly en: string; readonly es: string }
}

export function skeletonOf(dialect: Dialect): Skeleton {
  switch (dialect) {
    case 'postgresql':
      return POSTGRESQL
    case 'mysql':
    case 'mariadb':
      return MYSQL
    case 'sqlite':
      return SQLITE
    case 'sqlserver':
      return SQL_SERVER
  }
}

// An exception in a block aborts the transaction: whatever the client does afterwards, COMMIT becomes ROLLBACK.
const POSTGRESQL: Skeleton = {
  notes: [
    'Run it with: psql -v ON_ERROR_STOP=1 -f FILE. A row that is not as planned ends it, and nothing is changed.',
  ],
  begin: [
    "SET client_encoding = 'UTF8';",
    'BEGIN;',
    "SET LOCAL timezone = 'UTC';",
    "SET LOCAL datestyle = 'ISO, YMD';",
  ].join('\n'),
  condition: null,
  chunk(statements) {
    const lines = statements.map(
      ({ update, label }) =>
        `  ${update};\n  GET DIAGNOSTICS omniparity_rows = ROW_COUNT;\n  IF omniparity_rows <> 1 THEN RAISE EXCEPTION USING MESSAGE = ${label} || ': ' || omniparity_rows || ' rows are as planned, not 1; nothing is changed'; END IF;`,
    )
    const body = lines.join('\n')
    let tag = '$omniparity$'
    for (let n = 1; body.includes(tag); n++) tag = `$omniparity${n}$`
    return `DO ${tag}\n#variable_conflict use_column\nDECLARE omniparity_rows bigint;\nBEGIN\n${body}\nEND\n${tag};`
  },
  end: () => 'COMMIT;',
  advice: {
    en: 'Run it with psql -v ON_ERROR_STOP=1 -f FILE. It is one transaction: where a row is not as the plan saw it, nothing is changed.',
    es: 'Ejecútelo con psql -v ON_ERROR_STOP=1 -f FICHERO. Es una sola transacción: si una fila no está como la vio el plan, no se cambia nada.',
  },
}

// Without a stored procedure, which would need a privilege and end the transaction: rows are counted, and the statement that
// ends the transaction is put together from the count. Where the count is wrong it is no statement, and the client stops.
const MYSQL: Skeleton = {
  notes: [
    'Run it with: mariadb DATABASE < FILE, or mysql DATABASE < FILE. A row that is not as planned ends it, and nothing is changed.',
  ],
  begin: [
    'SET NAMES utf8mb4;',
    "SET time_zone = '+00:00';",
    "SET sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION';",
    'SET @omniparity_wrong = 0, @omniparity_first = NULL;',
    'START TRANSACTION;',
  ].join('\n'),
  condition: null,
  chunk: (statements) =>
    statements
      .map(
        ({ update, label }) =>
          `${update};\nSET @omniparity_first = IF(ROW_COUNT() = 1, @omniparity_first, COALESCE(@omniparity_first, ${label})), @omniparity_wrong = @omniparity_wrong + (ROW_COUNT() <> 1);`,
      )
      .join('\n'),
  end: (count) =>
    [
      `SELECT @omniparity_wrong AS rows_not_as_planned, ${count} AS rows_planned, @omniparity_first AS the_first_of_them;`,
      "SET @omniparity_end = IF(@omniparity_wrong = 0, 'COMMIT', 'SELECT `rows are not as planned: nothing is changed`');",
      'PREPARE omniparity_end FROM @omniparity_end;',
      'EXECUTE omniparity_end;',
      'DEALLOCATE PREPARE omniparity_end;',
      'ROLLBACK;',
    ].join('\n'),
  advice: {
    en: 'Run it with mariadb DATABASE < FILE (or mysql). It is one transaction: where a row is not as the plan saw it, nothing is changed.',
    es: 'Ejecútelo con mariadb BASE < FICHERO (o mysql). Es una sola transacción: si una fila no está como la vio el plan, no se cambia nada.',
  },
}

// The shell goes on after an error. So a wrong count rolls back, the guard goes with it, and no later UPDATE can run without it.
const SQLITE: Skeleton = {
  notes: ['Run it with: sqlite3 -bail DATABASE < FILE. A row that is not as planned ends it, and nothing is changed.'],
  begin: [
    'BEGIN IMMEDIATE;',
    'CREATE TEMP TABLE omniparity_guard (change TEXT, changed INTEGER CHECK (changed = 1));',
    "INSERT INTO temp.omniparity_guard VALUES ('start', 1);",
  ].join('\n'),
  condition: 'EXISTS (SELECT 1 FROM temp.omniparity_guard)',
  chunk: (statements) =>
    statements
      .map(
        ({ update, label }) =>
          `${update};\nINSERT OR ROLLBACK INTO temp.omniparity_guard VALUES (${label}, changes());`,
      )
      .join('\n'),
  end: () => 'DROP TABLE temp.omniparity_guard;\nCOMMIT;',
  advice: {
    en: 'Run it with sqlite3 -bail DATABASE < FILE. It is one transaction: where a row is not as the plan saw it, nothing is changed.',
    es: 'Ejecútelo con sqlite3 -bail BASE < FICHERO. Es una sola transacción: si una fila no está como la vio el plan, no se cambia nada.',
  },
}

// THROW ends a batch and, with XACT_ABORT, the transaction; the next batch would run without one, so each looks for it first.
const SQL_SERVER: Skeleton = {
  notes: [
    'Written for SQL Server and checked by a parser; it was not run on a server.',
    'Run it with: sqlcmd -b -I -f 65001 -i FILE. A row that is not as planned ends it, and nothing is changed.',
  ],
  begin: 'SET XACT_ABORT ON;\nSET NOCOUNT OFF;\nBEGIN TRANSACTION;\nGO',
  condition: null,
  chunk(statements) {
    const lines = statements.map(
      ({ update, label }) =>
        `${update};\nIF @@ROWCOUNT <> 1 BEGIN SET @message = CONCAT(${label}, N': not exactly one row is as planned; nothing is changed'); THROW 50001, @message, 1; END;`,
    )
    return `${STANDS}\nDECLARE @message nvarchar(2048);\n${lines.join('\n')}\nGO`
  },
  end: () => `${STANDS}\nCOMMIT TRANSACTION;\nGO`,
  advice: {
    en: 'Written for SQL Server and checked by a parser, but not run on a server: try it on a copy first. Run it with sqlcmd -b -I -f 65001 -i FILE.',
    es: 'Escrito para SQL Server y comprobado por un analizador, pero no ejecutado en ningún servidor: pruébelo antes en una copia. Ejecútelo con sqlcmd -b -I -f 65001 -i FICHERO.',
  },
}

const STANDS = "IF @@TRANCOUNT = 0 THROW 50000, N'the transaction was taken back: nothing is changed', 1;"
