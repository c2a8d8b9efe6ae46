/** What the codes of the operating system mean, in words. */
import type { Language } from './entry.ts'

const REASONS: Readonly<Record<string, { readonly [L in Language]: string }>> = {
  EACCES: { en: 'permission denied', es: 'permiso denegado' },
  EPERM: { en: 'permission denied', es: 'permiso denegado' },
  EISDIR: { en: 'it is a folder', es: 'es una carpeta' },
  ENOTDIR: {
    en: 'a part of the path is a file',
    es: 'una parte de la ruta es un fichero',
  },
  ENOENT: { en: 'no such file or folder', es: 'no existe el fichero o la carpeta' },
  'UTF-8': { en: 'it is not UTF-8 text', es: 'no es texto UTF-8' },
  EMPTY: { en: 'there is nothing in it', es: 'no contiene nada' },
  EEXIST: {
    en: 'a part of the path is a file',
    es: 'una parte de la ruta es un fichero',
  },
  ENOSPC: { en: 'the disk is full', es: 'el disco está lleno' },
  EROFS: {
    en: 'the file system is read-only',
    es: 'el sistema de ficheros es de solo lectura',
  },
  ELOOP: {
    en: 'symbolic links lead in a circle',
    es: 'los enlaces simbólicos dan vueltas',
  },
  EMFILE: {
    en: 'too many files are open',
    es: 'hay demasiados ficheros abiertos',
  },
  ENAMETOOLONG: {
    en: 'the name is too long',
    es: 'el nombre es demasiado largo',
  },
}

/** @param reason - Code of the system (`EACCES`), or words that are shown as they are. */
export function systemReason(reason: string): {
  readonly [L in Language]: string
} {
  return REASONS[reason] ?? { en: reason, es: reason }
}
