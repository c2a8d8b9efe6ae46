import { entry } from './entry.ts'
import { systemReason } from './system-reason.ts'

/** Why a plan is not carried out, or not taken back. */
export const applyDiagnostics = {
  'apply/authority-changed': entry({
    status: 4,
    en: (p: { file: string }) => ({
      message: `'${p.file}' was made when the configuration named another authority`,
      help: 'make the plan again with `omniparity plan`',
    }),
    es: (p) => ({
      message: `«${p.file}» se creó cuando la configuración indicaba otra autoridad`,
      help: 'cree el plan de nuevo con `omniparity plan`',
    }),
    docs: {
      en: 'A plan takes its values from the channel that is right about a field. When `authority:` has changed since, what was right then may be wrong now.',
      es: 'Un plan toma sus valores del canal que tiene razón sobre un campo. Si `authority:` ha cambiado desde entonces, lo que era correcto puede no serlo ya.',
    },
  }),

  'apply/channel-gone': entry({
    status: 4,
    en: (p: { file: string; channel: string }) => ({
      message: `'${p.file}' changes the channel '${p.channel}', which the configuration does not have`,
      help: 'put the channel back into the configuration, or make the plan again',
    }),
    es: (p) => ({
      message: `«${p.file}» cambia el canal «${p.channel}», que no está en la configuración`,
      help: 'vuelva a incluir el canal en la configuración o cree el plan de nuevo',
    }),
    docs: {
      en: 'Every channel that a plan changes has to be in the configuration with which it is carried out.',
      es: 'Todo canal que un plan cambia tiene que estar en la configuración con la que se ejecuta.',
    },
  }),

  'apply/expired': entry({
    status: 4,
    en: (p: { file: string; at: string }) => ({
      message: `'${p.file}' has expired: it was good until ${p.at}`,
      help: 'audit and plan again: prices and stock may have moved since',
    }),
    es: (p) => ({
      message: `«${p.file}» ha caducado: era válido hasta ${p.at}`,
      help: 'audite y planifique de nuevo: los precios y las existencias pueden haber cambiado',
    }),
    docs: {
      en: 'What a plan says of prices and stock is good for a short time only. A plan that was begun in time and interrupted is refused too once it has expired; what it had sent is read back first.',
      es: 'Lo que un plan dice de precios y existencias vale poco tiempo. También se rechaza un plan que se empezó a tiempo y se interrumpió, una vez caducado; antes se comprueba qué quedó escrito.',
    },
  }),

  'apply/journal-damaged': entry({
    status: 4,
    en: (p: { file: string; line: number }) => ({
      message: `line ${p.line} of '${p.file}' is not what was written there`,
      help: 'restore the file from a copy; without it nobody knows what the run has written',
    }),
    es: (p) => ({
      message: `la línea ${p.line} de «${p.file}» no es la que se escribió`,
      help: 'recupere el fichero de una copia; sin él nadie sabe qué ha escrito la ejecución',
    }),
    docs: {
      en: 'Every line of a journal has a checksum over itself and the line before it. A line that was torn at the end is expected after a crash; one in the middle means that the file was altered.',
      es: 'Cada línea de un diario lleva una suma de comprobación de sí misma y de la anterior. Una línea cortada al final es normal tras un corte; una en medio significa que el fichero se ha alterado.',
    },
  }),

  'apply/locked': entry({
    status: 4,
    en: (p: { what: string; pid: number; host: string; file: string }) => ({
      message: `another run is working on '${p.what}' (process ${p.pid} on ${p.host})`,
      help: `wait until it has ended; only if that process is certainly gone, remove '${p.file}'`,
    }),
    es: (p) => ({
      message: `otra ejecución está trabajando en «${p.what}» (proceso ${p.pid} en ${p.host})`,
      help: `espere a que termine; solo si ese proceso ya no existe con seguridad, borre «${p.file}»`,
    }),
    docs: {
      en: 'Two runs never write one channel at a time. The lock of a process that has died on this machine is recognised and taken away; one of another machine has to be removed by a person.',
      es: 'Dos ejecuciones nunca escriben a la vez en un canal. El bloqueo de un proceso muerto en esta máquina se reconoce y se retira; el de otra máquina tiene que quitarlo una persona.',
    },
  }),

  'apply/needs': entry({
    status: 4,
    en: (p: { file: string; needs: readonly { readonly need: string; readonly changes: number }[] }) => ({
      message: `'${p.file}' has changes that nobody has agreed to: ${needList(p.needs)}`,
      help: `look at them in plan.md; to write them, add ${flagList(p.needs)}`,
    }),
    es: (p) => ({
      message: `«${p.file}» contiene cambios que nadie ha aprobado: ${needList(p.needs)}`,
      help: `revíselos en plan.md; para escribirlos, añada ${flagList(p.needs)}`,
    }),
    docs: {
      en: 'Large price changes, many rows, a large sum, and anything set to zero or inactive are written only when somebody says so with the flag of each (--allow-large-price-change and the like), when the plan is made or when it is carried out.',
      es: 'Los cambios grandes de precio, muchas filas, una suma elevada y todo lo que se pone a cero o inactivo se escriben solo si alguien lo indica con la opción de cada uno (--allow-large-price-change y similares), al crear el plan o al ejecutarlo.',
    },
  }),

  'apply/no-run': entry({
    en: (p: { run: string; folder: string }) => ({
      message: `there is no run '${p.run}' in '${p.folder}'`,
      help: 'name a run as `omniparity apply` did, its beginning, or `last`',
    }),
    es: (p) => ({
      message: `no hay ninguna ejecución «${p.run}» en «${p.folder}»`,
      help: 'indique la ejecución como la nombró `omniparity apply`, su comienzo, o `last`',
    }),
    docs: {
      en: 'Runs of `omniparity apply` stand in the folder runs of the state folder, each with its journal.',
      es: 'Las ejecuciones de `omniparity apply` están en la carpeta runs de la carpeta de estado, cada una con su diario.',
    },
  }),

  'apply/no-target': entry({
    status: 4,
    en: (p: { channel: string; folder: string }) => ({
      message: `the channel '${p.channel}' cannot be written to: its sources are files`,
      help: `import what stands in '${p.folder}' by hand; --channel ID applies the channels that can be written to`,
    }),
    es: (p) => ({
      message: `en el canal «${p.channel}» no se puede escribir: sus fuentes son ficheros`,
      help: `importe a mano lo que hay en «${p.folder}»; --channel ID aplica los canales en los que se puede escribir`,
    }),
    docs: {
      en: 'A channel that is read from exports is corrected by its fix file, which a person imports in the platform. `omniparity apply` writes to databases.',
      es: 'Un canal que se lee de exportaciones se corrige con su fichero de corrección, que una persona importa en la plataforma. `omniparity apply` escribe en bases de datos.',
    },
  }),

  'apply/not-latest': entry({
    status: 4,
    en: (p: { file: string; channel: string }) => ({
      message: `'${p.file}' was not made from the latest audit of '${p.channel}'`,
      help: 'make the plan again with `omniparity plan`',
    }),
    es: (p) => ({
      message: `«${p.file}» no se creó a partir de la última auditoría de «${p.channel}»`,
      help: 'cree el plan de nuevo con `omniparity plan`',
    }),
    docs: {
      en: 'A plan belongs to what one audit saw. When a later audit has looked at the channel, the plan may contradict what is known by now.',
      es: 'Un plan pertenece a lo que vio una auditoría. Si una posterior ha mirado el canal, el plan puede contradecir lo que ya se sabe.',
    },
  }),

  'apply/nothing-to-undo': entry({
    status: 4,
    en: (p: { run: string }) => ({ message: `the run '${p.run}' has written nothing`, help: null }),
    es: (p) => ({ message: `la ejecución «${p.run}» no ha escrito nada`, help: null }),
    docs: {
      en: 'What a run has written is taken back. A run that wrote nothing leaves nothing to take back.',
      es: 'Se deshace lo que una ejecución ha escrito. Si no escribió nada, no hay nada que deshacer.',
    },
  }),

  'apply/other-database': entry({
    status: 4,
    en: (p: { file: string; channel: string }) => ({
      message: `'${p.file}' was made from another database than the one that '${p.channel}' is now`,
      help: 'look at the address that the configuration takes from its environment, or audit and plan this database',
    }),
    es: (p) => ({
      message: `«${p.file}» se creó a partir de otra base de datos que la que ahora es «${p.channel}»`,
      help: 'revise la dirección que la configuración toma de su entorno, o audite y planifique esta base de datos',
    }),
    docs: {
      en: 'The address of a database stands in the environment, which differs from machine to machine. A plan that was made from one database is not written to another one: values that happen to be equal there would be changed.',
      es: 'La dirección de una base de datos está en el entorno, que cambia de una máquina a otra. Un plan creado a partir de una base de datos no se escribe en otra: se cambiarían valores que allí son iguales por casualidad.',
    },
  }),

  'apply/unwritable': entry({
    status: 4,
    en: (p: { file: string; reason: string }) => ({
      message: `'${p.file}' cannot be written: ${systemReason(p.reason).en}`,
      help: 'nothing is written to a channel without its journal; make room or the folder writable, and give the same command again',
    }),
    es: (p) => ({
      message: `no se puede escribir «${p.file}»: ${systemReason(p.reason).es}`,
      help: 'sin su diario no se escribe nada en un canal; haga sitio o dé permiso de escritura, y repita la misma orden',
    }),
    docs: {
      en: 'Before and after each write a line goes to the journal of the run. When that fails, the run stops; the same command goes on where it stopped, after it has read back what was sent last.',
      es: 'Antes y después de cada escritura va una línea al diario de la ejecución. Si falla, la ejecución se detiene; la misma orden continúa donde se detuvo, tras comprobar qué quedó escrito de lo último enviado.',
    },
  }),
}

function needList(needs: readonly { readonly need: string; readonly changes: number }[]): string {
  return needs.map(({ need, changes }) => `${need} (${changes})`).join(', ')
}

function flagList(needs: readonly { readonly need: string }[]): string {
  return needs.map(({ need }) => `--allow-${need.replaceAll('_', '-')}`).join(' ')
}
