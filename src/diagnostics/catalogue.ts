/** Every diagnostic the tool can produce. Keys are public: rename one only with an entry in the changelog. */

export interface Wording {
  readonly message: string
  readonly help: string | null
  /** Defaults to 2. */
  readonly status?: 2 | 3 | 4 | 130
}

export const catalogue = {
  'source/not-found': (p: { path: string }): Wording => ({
    message: `no file matches '${p.path}'`,
    help: 'check the path; it is relative to the folder of the configuration',
    status: 3,
  }),
} satisfies Record<string, (params: never) => Wording>

export type Code = keyof typeof catalogue
