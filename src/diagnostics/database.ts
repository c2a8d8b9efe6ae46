import { entry } from './entry.ts'

interface Server {
  /** What the address names, without credentials: `postgresql at db.example:5432`. */
  readonly server: string
}

const PROBLEMS: Readonly<Record<string, { readonly en: string; readonly es: string }>> = {
  empty: { en: 'it is empty', es: 'está vacía' },
  scheme: { en: 'its scheme is none of the known ones', es: 'su esquema no es ninguno de los conocidos' },
  syntax: { en: 'it is not a URL', es: 'no es una URL' },
  option: { en: 'one of its options has no known value', es: 'una de sus opciones no tiene un valor conocido' },
  path: { en: 'it names no file', es: 'no nombra ningún fichero' },
  host: { en: 'it names no host', es: 'no nombra ningún servidor' },
  unset: { en: 'the environment variable is not set', es: 'la variable de entorno no está definida' },
  unreadable: { en: 'the file cannot be read', es: 'el fichero no se puede leer' },
}

const REFUSALS: Readonly<Record<string, { readonly en: string; readonly es: string }>> = {
  empty: { en: 'it is empty', es: 'está vacía' },
  several: { en: 'it holds more than one statement', es: 'contiene más de una sentencia' },
  verb: { en: 'it does not begin with SELECT or WITH', es: 'no empieza por SELECT ni por WITH' },
  writes: { en: 'it contains a word that writes', es: 'contiene una palabra que escribe' },
  open: { en: 'a quote or comment in it is never closed', es: 'tiene unas comillas o un comentario sin cerrar' },
  nul: { en: 'it contains a NUL character', es: 'contiene un carácter NUL' },
}

const said = (
  texts: Readonly<Record<string, { readonly en: string; readonly es: string }>>,
  name: string,
  locale: 'en' | 'es',
): string => texts[name]?.[locale] ?? name

const at = (position: string | null, locale: 'en' | 'es'): string => {
  if (position === null) return ''
  return locale === 'en' ? `, at ${position}` : `, en ${position}`
}

/** A database of a channel could not be reached, read or written. No entry ever holds a user or a password. */
export const databaseDiagnostics = {
  'database/address': entry({
    status: 3,
    en: (p: { key: string; problem: string }) => ({
      message: `'${p.key}' gives no address of a database: ${said(PROBLEMS, p.problem, 'en')}`,
      help: 'write postgres://, mysql://, mariadb:// or sqlserver:// with host and database, or sqlite:PATH',
    }),
    es: (p) => ({
      message: `«${p.key}» no da la dirección de ninguna base de datos: ${said(PROBLEMS, p.problem, 'es')}`,
      help: 'escriba postgres://, mysql://, mariadb:// o sqlserver:// con servidor y base de datos, o sqlite:RUTA',
    }),
    docs: {
      en: 'The `url` of a SQL source is `{env: NAME}` or `{file: PATH}`; what stands there has to be the address of a database. The address itself is never shown, because it may hold a password.',
      es: 'La `url` de una fuente SQL es `{env: NOMBRE}` o `{file: RUTA}`; lo que haya ahí tiene que ser la dirección de una base de datos. La dirección no se muestra nunca, porque puede llevar una contraseña.',
    },
  }),
  'database/binary-column': entry({
    status: 3,
    en: (p: { column: string; type: string }) => ({
      message: `column '${p.column}' is binary (${p.type}), and has no text`,
      help: 'leave it out of the query, or convert it there',
    }),
    es: (p) => ({
      message: `la columna «${p.column}» es binaria (${p.type}) y no tiene texto`,
      help: 'quítela de la consulta o conviértala en ella',
    }),
    docs: {
      en: 'Canonical fields are texts, numbers, dates and truth values. Which text a binary value stands for only its writer knows.',
      es: 'Los campos canónicos son textos, números, fechas y valores lógicos. Qué texto representa un valor binario solo lo sabe quien lo escribió.',
    },
  }),
  'database/busy': entry({
    status: 3,
    en: (p: Server) => ({
      message: `another program holds the lock of ${p.server}`,
      help: 'wait until it has finished, then run the same command',
    }),
    es: (p) => ({
      message: `otro programa tiene bloqueada ${p.server}`,
      help: 'espere a que termine y repita el mismo comando',
    }),
    docs: {
      en: 'The database stayed locked for longer than the time limit of a statement.',
      es: 'La base de datos estuvo bloqueada más tiempo que el límite de una sentencia.',
    },
  }),
  'database/connect-timeout': entry({
    status: 3,
    en: (p: Server & { seconds: number }) => ({
      message: `${p.server} did not answer within ${p.seconds} s`,
      help: 'check host and port, and whether a firewall lies between',
    }),
    es: (p) => ({
      message: `${p.server} no respondió en ${p.seconds} s`,
      help: 'compruebe el servidor y el puerto, y si hay un cortafuegos de por medio',
    }),
    docs: {
      en: 'Nothing answered at the address. A refused connection is told at once; silence usually means a firewall or a wrong address.',
      es: 'Nadie respondió en esa dirección. Una conexión rechazada se sabe enseguida; el silencio suele indicar un cortafuegos o una dirección equivocada.',
    },
  }),
  'database/connection-lost': entry({
    status: 3,
    en: (p: Server) => ({
      message: `the connection to ${p.server} broke`,
      help: 'run the same command again',
    }),
    es: (p) => ({
      message: `se cortó la conexión con ${p.server}`,
      help: 'repita el mismo comando',
    }),
    docs: {
      en: 'The server, or something between, closed the connection while it was in use. What was read so far is not used: half of a table would look like all of it.',
      es: 'El servidor, o algo intermedio, cerró la conexión mientras se usaba. Lo leído hasta entonces no se aprovecha: media tabla parecería una tabla entera.',
    },
  }),
  'database/driver-missing': entry({
    status: 3,
    en: (p: { dialect: string; driver: string }) => ({
      message: `the driver for ${p.dialect} is not installed`,
      help: `npm install ${p.driver}`,
    }),
    es: (p) => ({
      message: `no está instalado el controlador de ${p.dialect}`,
      help: `npm install ${p.driver}`,
    }),
    docs: {
      en: 'The driver of this database is an optional dependency, and was left out when the package was installed.',
      es: 'El controlador de esta base de datos es una dependencia opcional y se omitió al instalar el paquete.',
    },
  }),
  'database/file': entry({
    status: 3,
    en: (p: { path: string; reason: 'missing' | 'permission' | 'not-database' | 'damaged' }) => ({
      message: `'${p.path}' ${
        {
          missing: 'does not exist',
          permission: 'may not be read',
          'not-database': 'is not an SQLite database',
          damaged: 'is damaged',
        }[p.reason]
      }`,
      help: 'check the path; it starts from the folder of the configuration',
    }),
    es: (p) => ({
      message: `«${p.path}» ${
        {
          missing: 'no existe',
          permission: 'no se puede leer',
          'not-database': 'no es una base de datos SQLite',
          damaged: 'está dañado',
        }[p.reason]
      }`,
      help: 'compruebe la ruta; parte de la carpeta de la configuración',
    }),
    docs: {
      en: 'The file of an SQLite database cannot be used. A file that does not exist is never created.',
      es: 'El fichero de una base de datos SQLite no se puede usar. Si no existe, nunca se crea.',
    },
  }),
  'database/host-unknown': entry({
    status: 3,
    en: (p: Server) => ({
      message: `the host of ${p.server} is unknown`,
      help: 'check the spelling of the host, and that this machine can look up names',
    }),
    es: (p) => ({
      message: `no se conoce el servidor de ${p.server}`,
      help: 'compruebe cómo está escrito el servidor y que esta máquina pueda resolver nombres',
    }),
    docs: {
      en: 'The name of the host could not be resolved.',
      es: 'No se pudo resolver el nombre del servidor.',
    },
  }),
  'database/login-refused': entry({
    status: 3,
    en: (p: Server) => ({
      message: `${p.server} refused user or password`,
      help: 'check both in the address; characters such as @ : / % have to be written as %40 %3A %2F %25',
    }),
    es: (p) => ({
      message: `${p.server} rechazó el usuario o la contraseña`,
      help: 'compruebe ambos en la dirección; caracteres como @ : / % se escriben %40 %3A %2F %25',
    }),
    docs: {
      en: 'The server answered and refused the login. Neither user nor password is shown.',
      es: 'El servidor respondió y rechazó el acceso. No se muestran ni el usuario ni la contraseña.',
    },
  }),
  'database/money-column': entry({
    status: 3,
    en: (p: { column: string }) => ({
      message: `column '${p.column}' has the type money, whose text depends on the server's locale`,
      help: 'convert it in the query: CAST(… AS numeric)',
    }),
    es: (p) => ({
      message: `la columna «${p.column}» es de tipo money, cuyo texto depende de la configuración regional del servidor`,
      help: 'conviértala en la consulta: CAST(… AS numeric)',
    }),
    docs: {
      en: 'PostgreSQL writes `money` with signs and marks of a locale. A query whose columns all have names of their own is converted without a word; in this one two columns share a name.',
      es: 'PostgreSQL escribe `money` con los signos de una configuración regional. Si cada columna de la consulta tiene nombre propio se convierte sin más; en esta, dos columnas comparten nombre.',
    },
  }),
  'database/no-column': entry({
    status: 3,
    en: (p: { message: string; position: string | null }) => ({
      message: `the query names a column that does not exist${at(p.position, 'en')}: ${p.message}`,
      help: 'correct the query in the configuration',
    }),
    es: (p) => ({
      message: `la consulta nombra una columna que no existe${at(p.position, 'es')}: ${p.message}`,
      help: 'corrija la consulta en la configuración',
    }),
    docs: {
      en: 'The server knows no such column. Its own words follow, with line and column within the query where it tells them.',
      es: 'El servidor no conoce esa columna. Siguen sus propias palabras, con la línea y la columna dentro de la consulta si las indica.',
    },
  }),
  'database/no-database': entry({
    status: 3,
    en: (p: Server & { database: string }) => ({
      message: `${p.server} has no database '${p.database}'`,
      help: 'check the last part of the address',
    }),
    es: (p) => ({
      message: `${p.server} no tiene ninguna base de datos «${p.database}»`,
      help: 'compruebe la última parte de la dirección',
    }),
    docs: {
      en: 'The server let us in and knows no database of that name, or none that this user may open.',
      es: 'El servidor permitió el acceso, pero no conoce ninguna base de datos con ese nombre o el usuario no puede abrirla.',
    },
  }),
  'database/no-table': entry({
    status: 3,
    en: (p: { message: string; position: string | null }) => ({
      message: `the query names a table that does not exist${at(p.position, 'en')}: ${p.message}`,
      help: 'correct the query in the configuration; a table of another schema needs its name before it',
    }),
    es: (p) => ({
      message: `la consulta nombra una tabla que no existe${at(p.position, 'es')}: ${p.message}`,
      help: 'corrija la consulta en la configuración; una tabla de otro esquema lo lleva delante',
    }),
    docs: {
      en: 'The server knows no such table or view, or hides it from this user.',
      es: 'El servidor no conoce esa tabla o vista, o se la oculta a este usuario.',
    },
  }),
  'database/permission': entry({
    status: 3,
    en: (p: { message: string }) => ({
      message: `the user of the database may not do this: ${p.message}`,
      help: 'reading needs SELECT on the tables of the query, writing UPDATE on their columns too',
    }),
    es: (p) => ({
      message: `el usuario de la base de datos no tiene permiso: ${p.message}`,
      help: 'leer requiere SELECT sobre las tablas de la consulta; escribir, además UPDATE sobre sus columnas',
    }),
    docs: {
      en: 'The server refused a statement for lack of permission. For audits a user that may only read is the right one.',
      es: 'El servidor rechazó una sentencia por falta de permisos. Para las auditorías lo adecuado es un usuario que solo pueda leer.',
    },
  }),
  'database/query-refused': entry({
    status: 3,
    en: (p: { key: string; problem: string }) => ({
      message: `'${p.key}' is not sent to the database: ${said(REFUSALS, p.problem, 'en')}`,
      help: 'write one SELECT, which may begin with WITH',
    }),
    es: (p) => ({
      message: `«${p.key}» no se envía a la base de datos: ${said(REFUSALS, p.problem, 'es')}`,
      help: 'escriba un solo SELECT, que puede empezar por WITH',
    }),
    docs: {
      en: 'A query is looked at before anything is sent: one statement, beginning with SELECT or WITH, that writes nothing. The session is read-only besides.',
      es: 'Una consulta se examina antes de enviar nada: una sola sentencia, que empiece por SELECT o WITH y no escriba. La sesión es, además, de solo lectura.',
    },
  }),
  'database/server': entry({
    status: 3,
    en: (p: Server & { message: string }) => ({
      message: `${p.server} reports: ${p.message}`,
      help: null,
    }),
    es: (p) => ({
      message: `${p.server} informa: ${p.message}`,
      help: null,
    }),
    docs: {
      en: 'The server failed in a way of its own; its words follow.',
      es: 'El servidor falló a su manera; siguen sus propias palabras.',
    },
  }),
  'database/statement': entry({
    status: 3,
    en: (p: { message: string; position: string | null }) => ({
      message: `the server does not accept the query${at(p.position, 'en')}: ${p.message}`,
      help: 'correct the query in the configuration',
    }),
    es: (p) => ({
      message: `el servidor no acepta la consulta${at(p.position, 'es')}: ${p.message}`,
      help: 'corrija la consulta en la configuración',
    }),
    docs: {
      en: 'The query is wrong in the dialect of the server. Its own words follow, with line and column within the query where it tells them.',
      es: 'La consulta no es correcta en el dialecto del servidor. Siguen sus propias palabras, con la línea y la columna dentro de la consulta si las indica.',
    },
  }),
  'database/statement-timeout': entry({
    status: 3,
    en: (p: Server & { seconds: number }) => ({
      message: `${p.server} took longer than ${p.seconds} s for a statement`,
      help: 'read fewer rows, or ask for an index; the limit is `statement_timeout` of the source',
    }),
    es: (p) => ({
      message: `${p.server} tardó más de ${p.seconds} s en una sentencia`,
      help: 'lea menos filas o pida un índice; el límite es `statement_timeout` de la fuente',
    }),
    docs: {
      en: 'A statement that runs for long slows a shop down. It is stopped at the limit, and the channel counts as one that could not be read.',
      es: 'Una sentencia que dura mucho frena la tienda. Se detiene al llegar al límite y el canal cuenta como no leído.',
    },
  }),
  'database/tls': entry({
    status: 3,
    en: (p: Server & { reason: string }) => ({
      message: `no secure connection to ${p.server}: ${p.reason}`,
      help: 'name its authority with sslrootcert=FILE in the address; sslmode=disable gives security up',
    }),
    es: (p) => ({
      message: `no hay conexión segura con ${p.server}: ${p.reason}`,
      help: 'indique su autoridad con sslrootcert=FICHERO en la dirección; sslmode=disable renuncia a la seguridad',
    }),
    docs: {
      en: 'Connections to other machines are encrypted and the certificate of the server is checked, unless the address says otherwise: `sslmode` (PostgreSQL), `ssl-mode` (MySQL, MariaDB), `encrypt` and `trustServerCertificate` (SQL Server).',
      es: 'Las conexiones con otras máquinas van cifradas y se comprueba el certificado del servidor, salvo que la dirección diga otra cosa: `sslmode` (PostgreSQL), `ssl-mode` (MySQL, MariaDB), `encrypt` y `trustServerCertificate` (SQL Server).',
    },
  }),
  'database/unreachable': entry({
    status: 3,
    en: (p: Server) => ({
      message: `nothing accepts connections at ${p.server}`,
      help: 'check host and port, and that the server runs',
    }),
    es: (p) => ({
      message: `nada acepta conexiones en ${p.server}`,
      help: 'compruebe el servidor y el puerto, y que esté en marcha',
    }),
    docs: {
      en: 'The host refused the connection, or there is no way to it.',
      es: 'La máquina rechazó la conexión, o no hay camino hasta ella.',
    },
  }),
  'database/wide-number': entry({
    status: 3,
    en: (p: { column: string; digits: number }) => ({
      message: `column '${p.column}' has a number of more than ${p.digits} digits, which the driver cannot read exactly`,
      help: 'convert it in the query: CONVERT(varchar(60), …)',
    }),
    es: (p) => ({
      message: `la columna «${p.column}» tiene un número de más de ${p.digits} dígitos, que el controlador no lee con exactitud`,
      help: 'conviértalo en la consulta: CONVERT(varchar(60), …)',
    }),
    docs: {
      en: 'The driver of SQL Server reads decimals as floats. Up to fifteen digits nothing is lost; a number with more of them is refused instead of rounded.',
      es: 'El controlador de SQL Server lee los decimales como coma flotante. Hasta quince dígitos no se pierde nada; un número con más se rechaza en lugar de redondearlo.',
    },
  }),
}
