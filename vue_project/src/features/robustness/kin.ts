import type { Manifest } from '@/api/modules'

type Finetuning = NonNullable<Manifest['finetuning']>
export type How = 'seam' | 'standard' | 'scratch'

/** A fine-tuned module as far as this page compares it with others. */
export interface Kin {
  id: string
  how: string
  threshold: number | null
  accuracy: number
  /** Defect inheritance rate, 0-1. */
  rate: number
}

/** The modules whose inherited defects were measured. */
export function kinOf(
  modules: readonly {
    id: string
    manifest: Pick<Manifest, 'measures'> & { finetuning?: Finetuning | null }
  }[],
): Kin[] {
  return modules.flatMap(({ id, manifest: { finetuning, measures } }) => {
    const rate = finetuning?.inherited?.rate
    if (!finetuning || rate === null || rate === undefined) return []
    const { how, prune_threshold: threshold } = finetuning
    return [{ id, how, threshold, accuracy: measures.module.accuracy_test, rate }]
  })
}

export interface Mean {
  key: string
  how: string
  threshold: number | null
  count: number
  accuracy: number
  rate: number
}

const ORDER = ['scratch', 'standard', 'seam']

/** Means over the seeds of each way and threshold, from the most usual way to the sparsest. */
export function meansOf(kin: readonly Kin[]): Mean[] {
  const groups = new Map<string, Kin[]>()
  for (const each of kin) {
    const key = `${each.how} ${String(each.threshold ?? '')}`
    groups.set(key, [...(groups.get(key) ?? []), each])
  }
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  return [...groups]
    .map(([key, members]) => ({
      key,
      how: members[0]?.how ?? '',
      threshold: members[0]?.threshold ?? null,
      count: members.length,
      accuracy: mean(members.map(({ accuracy }) => accuracy)),
      rate: mean(members.map(({ rate }) => rate)),
    }))
    .sort(
      (first, second) =>
        ORDER.indexOf(first.how) - ORDER.indexOf(second.how) ||
        (first.threshold ?? 0) - (second.threshold ?? 0),
    )
}
