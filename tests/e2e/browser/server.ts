import { expect, type APIRequestContext } from '@playwright/test'

interface NewJob {
  classes: string[]
  preset?: string
  settings?: Record<string, unknown>
}

/** The name of some model that knows the digits. */
export async function firstModel(request: APIRequestContext): Promise<string> {
  const { items } = (await (await request.get('/api/v1/models')).json()) as {
    items: { name: string; dataset: string }[]
  }
  const model = items.find(({ dataset }) => dataset === 'digits')
  expect(model, 'a model trained on the digits').toBeDefined()
  return model?.name ?? ''
}

/** Queue a job without the page; returns its id. */
export async function submit(request: APIRequestContext, { classes, ...recipe }: NewJob) {
  const model = await firstModel(request)
  const reply = await request.post('/api/v1/modularize', {
    data: { model, target: { classes }, ...recipe },
  })
  expect(reply.status()).toBe(202)
  return ((await reply.json()) as { id: string }).id
}

/** The id of a module that tells a digit from the others: one that is here, or else a new one. */
export async function someModule(request: APIRequestContext, digit: string): Promise<string> {
  const query = { ready: 'true', kind: 'binary', dataset: 'digits', q: digit, limit: 100 }
  const { items } = (await (await request.get('/api/v1/cards', { params: query })).json()) as {
    items: { classes: string[]; module_id: string }[]
  }
  const found = items.find(({ classes }) => classes.length === 1 && classes[0] === digit)
  if (found) return found.module_id
  const job = await submit(request, { classes: [digit], settings: { epochs: 1 } })
  return moduleOf(request, job, 180_000)
}

/** Queue a sweep and cancel it, so that it takes no time; returns its id. */
export async function someSweep(request: APIRequestContext, model: string): Promise<string> {
  const reply = await request.post('/api/v1/sweeps', {
    data: { models: [model], targets: 'every class', grid: { alpha: [1, 3] } },
  })
  const { id } = (await reply.json()) as { id: string }
  await request.post(`/api/v1/sweeps/${id}/cancel`)
  return id
}

/** Wait until a job has ended well; returns the id of its module. */
export async function moduleOf(
  request: APIRequestContext,
  job: string,
  timeout = 90_000,
): Promise<string> {
  return (await done(request, job, timeout)).modules[0]
}

/** Wait until a job has ended well. */
export async function done(request: APIRequestContext, job: string, timeout = 90_000) {
  const view = async () =>
    (await (await request.get(`/api/v1/jobs/${job}`)).json()) as {
      state: string
      modules: [string]
    }
  await expect.poll(async () => (await view()).state, { timeout }).toBe('succeeded')
  return view()
}
