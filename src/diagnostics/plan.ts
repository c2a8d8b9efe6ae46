import { entry } from './entry.ts'
import { systemReason } from './system-reason.ts'

/** What can be wrong with a plan, and with making one. */
export const planDiagnostics = {
  'plan/bad-format': entry({
    en: (p: { file: string; problem: Readonly<Record<'en' | 'es', string>> }) => ({
      message: `'${p.file}' is no plan: ${p.problem.en}`,
      help: 'make one with `omniparity plan`; `omniparity schema plan` describes the format',
    }),
    es: (p) => ({
      message: `«${p.file}» no es un plan: ${p.problem.es}`,
      help: 'cree uno con `omniparity plan`; `omniparity schema plan` describe el formato',
    }),
    docs: {
      en: 'A plan is the file plan.json that `omniparity plan` writes: one change a line, and at the end the hash of all that stands before it. Whatever is laid out in another way, or has other keys, is not read.',
      es: 'Un plan es el fichero plan.json que escribe `omniparity plan`: un cambio por línea y, al final, el hash de todo lo anterior. Lo que tenga otra disposición u otras claves no se lee.',
    },
  }),

  'plan/edited': entry({
    status: 4,
    en: (p: { file: string }) => ({
      message: `'${p.file}' is not the plan that was made: its content does not fit its hash`,
      help: 'make the plan again with `omniparity plan`; to leave changes out or to set other values, use its --interactive',
    }),
    es: (p) => ({
      message: `«${p.file}» no es el plan que se creó: su contenido no corresponde a su hash`,
      help: 'cree el plan de nuevo con `omniparity plan`; para descartar cambios o poner otros valores, use --interactive',
    }),
    docs: {
      en: 'What is carried out is what was reviewed. A plan that was edited, laid out anew or cut off is refused as a whole.',
      es: 'Se ejecuta lo que se revisó. Un plan editado, reformateado o cortado se rechaza entero.',
    },
  }),

  'plan/exists': entry({
    en: (p: { folder: string }) => ({
      message: `'${p.folder}' is already there`,
      help: 'name a folder that does not exist yet with --output',
    }),
    es: (p) => ({
      message: `«${p.folder}» ya existe`,
      help: 'indique con --output una carpeta que aún no exista',
    }),
    docs: {
      en: 'A plan never takes the place of another one, or of anything else: what was reviewed stays as it is.',
      es: 'Un plan nunca sustituye a otro ni a ninguna otra cosa: lo que se revisó se queda como está.',
    },
  }),

  'plan/newer': entry({
    en: (p: { file: string; found: string; known: string }) => ({
      message: `'${p.file}' has the format ${p.found}, this version reads ${p.known}`,
      help: 'use the version that wrote it, or make the plan again',
    }),
    es: (p) => ({
      message: `«${p.file}» tiene el formato ${p.found}, y esta versión lee ${p.known}`,
      help: 'use la versión que lo escribió, o cree el plan de nuevo',
    }),
    docs: {
      en: 'The key "format" says how a plan is to be understood. A program that would misread it refuses it.',
      es: 'La clave «format» dice cómo hay que entender un plan. Un programa que lo leería mal lo rechaza.',
    },
  }),

  'plan/no-terminal': entry({
    en: () => ({
      message: '--interactive needs a terminal',
      help: 'select with --rule, --channel and --item instead',
    }),
    es: () => ({
      message: '--interactive necesita una terminal',
      help: 'seleccione con --rule, --channel e --item',
    }),
    docs: {
      en: 'Walking through the changes of a plan asks for keys and shows a screen; in a pipe or in CI there is neither.',
      es: 'Recorrer los cambios de un plan requiere teclado y pantalla; en una tubería o en CI no hay ninguno de los dos.',
    },
  }),

  'plan/not-found': entry({
    en: (p: { file: string; reason: string }) => ({
      message: `the plan '${p.file}' cannot be read: ${systemReason(p.reason).en}`,
      help: 'name the folder that `omniparity plan` wrote, or the plan.json in it',
    }),
    es: (p) => ({
      message: `no se puede leer el plan «${p.file}»: ${systemReason(p.reason).es}`,
      help: 'indique la carpeta que escribió `omniparity plan`, o el plan.json que contiene',
    }),
    docs: {
      en: 'A plan is a folder with plan.json, plan.md and the files that correct each channel and undo it.',
      es: 'Un plan es una carpeta con plan.json, plan.md y los ficheros que corrigen cada canal y los que lo deshacen.',
    },
  }),

  'plan/nothing-marked': entry({
    en: () => ({
      message: 'no finding is marked for the plan',
      help: 'mark some with p in `omniparity explore`, or leave --marked out',
    }),
    es: () => ({
      message: 'no hay ninguna incidencia marcada para el plan',
      help: 'marque alguna con p en `omniparity explore` o quite --marked',
    }),
    docs: {
      en: '`omniparity plan --marked` plans for the findings that somebody marked in the explorer, and for nothing else.',
      es: '`omniparity plan --marked` planifica las incidencias que alguien ha marcado en el explorador, y ninguna más.',
    },
  }),

  'plan/unwritable': entry({
    en: (p: { folder: string; reason: string }) => ({
      message: `the plan cannot be written to '${p.folder}': ${systemReason(p.reason).en}`,
      help: 'nothing was left behind; make room or name another folder with --output',
    }),
    es: (p) => ({
      message: `no se puede escribir el plan en «${p.folder}»: ${systemReason(p.reason).es}`,
      help: 'no ha quedado nada a medias; haga sitio o indique otra carpeta con --output',
    }),
    docs: {
      en: 'A plan is written to a folder of its own beside the one that was named, read back, and then given its name: there is a whole plan or none.',
      es: 'El plan se escribe en una carpeta aparte junto a la indicada, se vuelve a leer y solo entonces recibe su nombre: o hay un plan entero o no hay ninguno.',
    },
  }),
}
