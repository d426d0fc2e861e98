import { queryOptions, skipToken } from '@tanstack/vue-query'
import { bodyOf, client } from './client'
import type { components } from './schema'

type Schemas = components['schemas']

/** What each kind of work is asked with, and what its dry run answers. */
interface Kinds {
  modularize: { request: Schemas['ModularizeRequest']; plan: Schemas['PlanView'] }
  sweeps: { request: Schemas['SweepRequest']; plan: Schemas['SweepPlanView'] }
  train: { request: Schemas['TrainRequest']; plan: Schemas['TrainPlanView'] }
  estimators: { request: Schemas['EstimatorsRequest']; plan: Schemas['SweepPlanView'] }
  reuse: { request: Schemas['AnyReuseRequest']; plan: Schemas['ReusePlanView'] }
  finetunings: { request: Schemas['FinetuningsRequest']; plan: Schemas['SweepPlanView'] }
  evaluate: { request: Schemas['EvaluateRequest']; plan: Schemas['EvaluatePlanView'] }
}

export type WorkKind = keyof Kinds
export type ModularizeRequest = Kinds['modularize']['request']
export type ModularizePlan = Kinds['modularize']['plan']['plan']
export type TrainRequest = Kinds['train']['request']
export type TrainPlan = Kinds['train']['plan']['plan']
export type ReusePlan = Kinds['reuse']['plan']['plan']
export type EstimatorsRequest = Kinds['estimators']['request']
export type Plan = Kinds[WorkKind]['plan']
export type Estimate = Schemas['EstimateView']

/** Work to be asked for: of which kind, and with what. */
export type Work = {
  [Kind in WorkKind]: { kind: Kind; request: Kinds[Kind]['request'] }
}[WorkKind]

/** Kinds that become a group of jobs. */
const GROUPS: readonly WorkKind[] = ['sweeps', 'estimators', 'finetunings']

/** The job or the group of jobs that work becomes. */
type Made = Pick<Schemas['JobView'] | Schemas['SweepView'], 'id'>

/** All kinds are sent alike; the types of one path stand for those of the others. */
function send({ kind, request }: Work, options: object) {
  const path = `/api/v1/${kind}` as '/api/v1/sweeps'
  return bodyOf(client.POST(path, { body: request as Schemas['SweepRequest'], ...options }))
}

/** What would be done; every fault of the request at once where it cannot be. */
export const planQuery = (work: Work | undefined) =>
  queryOptions({
    queryKey: ['plan', work],
    queryFn: work
      ? ({ signal }) =>
          send(work, { params: { query: { dry_run: true } }, signal }) as Promise<Plan>
      : skipToken,
  })

/**
 * Queue the work; returns the page where it can be followed. The key keeps a request that is sent
 * twice from being done twice.
 */
export async function submit(work: Work, idempotencyKey: string) {
  const made = await send(work, { headers: { 'Idempotency-Key': idempotencyKey } })
  const { id } = made as Made
  return { name: GROUPS.includes(work.kind) ? 'sweep' : 'job', params: { id } }
}
