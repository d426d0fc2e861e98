import type { JobView } from '@/api/jobs'
import type { Manifest, ModuleView } from '@/api/modules'
import { askedOf } from '@/lib/asked'
import { linesOf, type Line, type Scalar } from '@/lib/lines'
import { recoveryOf } from '@/lib/recovery'

export type Unit = 'text' | 'accuracy' | 'ratio' | 'count' | 'times' | 'bytes' | 'ms' | 'seconds'
export type Section = 'what' | 'settings' | 'measures'
export type Value = Scalar | undefined

/** One fact about something; `name` is a field's own name, or the last part of a message's. */
export interface Fact {
  section: Section
  name: string
  /** Whose setting it is. */
  algorithm?: string
  unit: Unit
  /** Set on latencies: how many images at once. */
  batch?: string
  value: Value
}

/** The figures that points are drawn from. */
export interface Figures {
  accuracy: number
  retained: number
  parameters: number
  /** By batch size. */
  latency: Readonly<Record<string, number>>
}

/** A module or a job, as far as it can stand beside others. */
export interface Subject {
  id: string
  title: string
  page: 'module' | 'job'
  /** The problem it solves; figures of different problems cannot be compared. */
  problem: string
  facts: readonly Fact[]
  figures: Figures | undefined
  /** The job whose curves are drawn. */
  jobId: string | undefined
  /** What a module is for, which tells its curves from those of others that a job made with it. */
  names: readonly string[]
}

export function subjectOfModule({ id, title, job_id, manifest }: ModuleView): Subject {
  const { target, model, dataset, search } = manifest
  const speedUps = Object.entries(manifest.measures.module.latency_ms).map(([batch, ms]) => ({
    ...measure(
      'timesAsFast',
      'times',
      round((manifest.measures.original.latency_ms[batch] ?? Number.NaN) / ms),
    ),
    batch,
  }))
  return {
    id,
    title,
    page: 'module',
    problem: problemOf(target, dataset.name),
    facts: [
      what('target', target.group ?? target.classes.join(', ')),
      what('model', model.name),
      what('architecture', model.architecture),
      what('modelSha', model.weights_sha256.slice(0, 12)),
      what('dataset', dataset.name),
      what('datasetSha', dataset.content_sha256.slice(0, 12)),
      what('algorithm', manifest.algorithm),
      what('preset', manifest.recipe.preset),
      what('granularity', search.granularity),
      what('recover', recoveryOf(manifest)),
      ...settings(linesOf(manifest.recipe.settings), manifest.algorithm),
      ...measures(manifest.measures.module),
      ...speedUps,
    ],
    figures: figuresOf(manifest.measures.module),
    jobId: job_id ?? undefined,
    names: target.group ? [target.group] : target.classes,
  }
}

export function subjectOfJob(job: JobView): Subject {
  const { target, dataset } = job.request as Record<string, unknown>
  const asked = askedOf(job.request)
  const reached = measuresOf(job)
  return {
    id: job.id,
    title: job.title,
    page: 'job',
    problem: problemOf(isRecord(target) ? target : {}, String(dataset)),
    facts: [
      what('kind', job.kind),
      what('state', job.state),
      ...settings(asked.fields),
      ...settings(asked.settings, asked.algorithm),
      measure('took', 'seconds', secondsOf(job)),
      ...(reached ? measures(reached) : []),
      ...measuresTogether(job),
    ],
    figures: reached && figuresOf(reached),
    jobId: job.id,
    names: [],
  }
}

type Measures = Manifest['measures']['module']

function measures(of: Measures): Fact[] {
  return [
    measure('accuracyTest', 'accuracy', of.accuracy_test),
    measure('accuracyValidation', 'accuracy', of.accuracy_validation),
    measure('retainedRatio', 'ratio', of.retained_ratio),
    measure('kernels', 'count', of.kernels_kept ?? undefined),
    measure('parameters', 'count', of.parameters),
    measure('macs', 'count', of.macs),
    measure('macsMasked', 'count', of.macs_masked),
    measure('fileSize', 'bytes', of.file_size_bytes),
    ...Object.entries(of.latency_ms).map(([batch, ms]) => ({
      ...measure('latency', 'ms', ms),
      batch,
    })),
  ]
}

function figuresOf(of: Measures): Figures {
  return {
    accuracy: of.accuracy_test,
    retained: of.retained_ratio,
    parameters: of.parameters,
    latency: of.latency_ms,
  }
}

/** What a job that made one module says of it; the result is the server's words. */
function measuresOf({ result }: JobView): Measures | undefined {
  const both = result?.['measures']
  return isRecord(both) && isRecord(both['module'])
    ? (both['module'] as unknown as Measures)
    : undefined
}

/** What a job that made several modules says of all of them. */
function measuresTogether({ result }: JobView): Fact[] {
  const modules = (result?.['modules'] ?? []) as { kernels_kept: number; kernels_total: number }[]
  const accuracy = result?.['accuracy_composed_validation']
  if (!modules.length || typeof accuracy !== 'number') return []
  const sum = (of: 'kernels_kept' | 'kernels_total') =>
    modules.reduce((total, each) => total + each[of], 0)
  return [
    measure('modulesMade', 'count', modules.length),
    measure('accuracyTogether', 'accuracy', accuracy),
    measure('kernelsShare', 'ratio', sum('kernels_kept') / sum('kernels_total')),
  ]
}

function problemOf(target: { kind?: unknown; classes?: unknown }, dataset: string): string {
  const classes = Array.isArray(target.classes) ? target.classes.map(String).sort() : []
  return `${classes.join(', ')}@${dataset}`
}

function measure(name: string, unit: Unit, value: Value): Fact {
  return { section: 'measures', name, unit, value }
}

function what(name: string, value: Value): Fact {
  return { section: 'what', name, unit: 'text', value }
}

function settings(lines: readonly Line[], algorithm?: string): Fact[] {
  return lines.map(([name, value]) => ({
    section: 'settings',
    name,
    ...(algorithm && { algorithm }),
    unit: 'text',
    value,
  }))
}

function secondsOf({ started_at, ended_at }: JobView): number | undefined {
  return started_at && ended_at ? (Date.parse(ended_at) - Date.parse(started_at)) / 1000 : undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function round(times: number): number | undefined {
  return Number.isFinite(times) ? Math.round(times * 100) / 100 : undefined
}
