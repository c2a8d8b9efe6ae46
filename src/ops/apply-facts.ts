/** What `apply` is asked to do, and what is known before anything is looked at. */
import type { PlanSurvey } from '../apply/check-plan.ts'
import type { TargetPool } from '../apply/target-pool.ts'
import type { RunIo } from '../model/audit-run.ts'
import type { Config, Locale } from '../model/config.ts'
import type { ChangeNeed } from '../model/plan.ts'
import type { PlanFile } from '../plan/plan-file.ts'

export interface ApplyRequest {
  /** The file, or the folder it stands in, as named. */
  readonly plan: string
  readonly configFile: string | null
  readonly stateDir: string | null
  readonly cwd: string
  /** What a flag asks for; null for the language of the project. */
  readonly locale: Locale | null
  readonly format: 'pretty' | 'json'
  readonly allow: readonly ChangeNeed[]
  /** Empty: all of the plan. */
  readonly channels: readonly string[]
  /** Rows; null without a canary. */
  readonly canary: number | null
  readonly dryRun: boolean
  /** Changes per second; null without a limit. */
  readonly rate: number | null
  readonly maxFailures: number
  readonly memoryLimit: string | null
  readonly threads: number | null
}

export interface Facts {
  readonly request: ApplyRequest
  readonly io: RunIo
  readonly config: Config
  /** The state folder. */
  readonly state: string
  readonly plan: PlanFile
  readonly pool: TargetPool
  readonly survey: PlanSurvey
}
