/** What a job's title is made of: the part of it that the server sends to pages. */
export interface Named {
  kind: string
  title: string
  request: object
}

/** The title that people read instead of a name. */
export type TitleOf = (name: string) => string

interface Asked {
  model: string
  module: string | null
  dataset: string
  name: string
  target: { kind: string; classes: string[]; group: string | null; groups: string[] }
  attack: { attack: string }
  method: string
  how: string
  outputs: { class_name: string }[]
  datasets: string[]
  class_name: string
}

const MOST_CLASSES = 6

const attacks: Partial<Record<string, string>> = {
  inherited: '继承的缺陷',
  coverage: '唤醒神经元发现的缺陷',
  trigger: '植入后门的成功率',
  pgd: '受攻击时的准确率',
  autoattack: 'AutoAttack 下的准确率',
}

function targetInChinese({ kind, classes, group, groups }: Asked['target']): string {
  if (kind === 'each' && groups.length > 0) return `${String(groups.length)} 个类别组各一个模块`
  if (kind === 'each') return `${String(classes.length)} 个类别各一个模块`
  if (group) return group
  if (classes.length <= MOST_CLASSES) return classes.join('、')
  return `${classes.slice(0, MOST_CLASSES - 1).join('、')} 等 ${String(classes.length)} 类`
}

function reuseInChinese(asked: Asked, model: TitleOf, dataset: TitleOf): string | undefined {
  const { method, how, outputs, datasets, class_name: name } = asked
  switch (method) {
    case 'more-accurate':
      return `更准确的 ${dataset(asked.dataset)} 模型`
    case 'new-task':
      return `新任务：${outputs.map((each) => each.class_name).join('、')}`
    case 'every-pair':
      return `${datasets.map(dataset).join(' 与 ')} 的所有配对`
    case 'patch':
      return `修补 ${model(asked.model)} 的类别 ${name}`
    case 'finetune': {
      if (how === 'scratch') return `在 ${dataset(asked.dataset)} 上从头训练 ${model(asked.model)}`
      const weights = how === 'seam' ? '所需权重' : '全部权重'
      return `用${weights}将 ${model(asked.model)} 微调到 ${dataset(asked.dataset)}`
    }
    default:
      return undefined
  }
}

/**
 * Say in Chinese what a job does, going by what it was asked for; the server says it in English.
 *
 * Returns the server's title for what is not known here.
 */
export function jobTitleInChinese(
  { kind, title, request }: Named,
  { model, dataset }: { model: TitleOf; dataset: TitleOf },
): string {
  const asked = request as Asked
  switch (kind) {
    case 'modularize':
      return `${targetInChinese(asked.target)}（取自 ${model(asked.model)}）`
    case 'train':
      return `训练 ${asked.name}`
    case 'evaluate':
      return `在 ${dataset(asked.dataset)} 上评估 ${asked.module ?? model(asked.model)}`
    case 'robustness': {
      const attack = attacks[asked.attack.attack]
      return attack && asked.module ? `${attack}：${asked.module}` : title
    }
    case 'backdoor':
      return `在 ${model(asked.model)} 的副本中植入后门`
    case 'reuse':
      return reuseInChinese(asked, model, dataset) ?? title
    default:
      return title
  }
}
