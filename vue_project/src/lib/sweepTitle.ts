import type { TitleOf } from './jobTitle'

/** What a sweep's title is made of: the part of it that the server sends to pages. */
export interface NamedSweep {
  title: string
  request: object
  num_jobs: number
}

interface Asked {
  models: string[]
  targets: string | { group?: string | null; classes?: string[] }[]
  grid: Record<string, unknown[]>
  seeds: number[]
  architectures: string[]
  subset_seeds: number[]
  how: string[]
  model: string
  dataset: string
}

function targetsInChinese(targets: Asked['targets']): string {
  if (typeof targets === 'string') return targets === 'every class' ? '每个类别' : '每个类别组'
  const [first] = targets
  const names = first?.group ? [first.group] : (first?.classes ?? [])
  return targets.length === 1 && names.length > 0
    ? names.join('、')
    : `${String(targets.length)} 个目标`
}

/** Say in Chinese what a sweep does, going by what it was asked for; the server's is English. */
export function sweepTitleInChinese(
  { title, request, num_jobs: count }: NamedSweep,
  { model, dataset }: { model: TitleOf; dataset: TitleOf },
): string {
  const asked = request as Partial<Asked>
  const jobs = `${String(count)} 个任务`
  if (asked.architectures) {
    const number = asked.subset_seeds?.length ?? 0
    const subsets = number > 0 ? `的 ${String(number)} 个子集` : ''
    return `在 ${dataset(asked.dataset ?? '')} ${subsets}上训练 ${asked.architectures.join('、')}`
  }
  if (asked.how) {
    return `将 ${model(asked.model ?? '')} 微调到 ${dataset(asked.dataset ?? '')}：${jobs}`
  }
  if (!asked.targets) return title
  const { models = [], grid = {}, seeds = [] } = asked
  const numSettings = Object.values(grid).reduce((product, tried) => product * tried.length, 1)
  const from = models.length === 1 ? model(models[0] ?? '') : `${String(models.length)} 个模型`
  const extents = [
    `${targetsInChinese(asked.targets)}（取自 ${from}）`,
    ...(numSettings > 1 ? [`${String(numSettings)} 组设置`] : []),
    ...(seeds.length > 1 ? [`${String(seeds.length)} 个种子`] : []),
  ]
  return `${extents.join('，')}：${jobs}`
}
