import { withoutIdleSeed } from './target'
import { linesOf, type Line } from './lines'

/** What a job was asked for; settings go by the words of the algorithm that offers them. */
export interface Asked {
  fields: Line[]
  settings: Line[]
  /** Whose settings they are; none where they are fields like all others. */
  algorithm: string | undefined
}

/** Take the request of any kind of job apart, without a seed that nothing was drawn with. */
export function askedOf(request: object): Asked {
  const { settings, config, target, algorithm, preset, ...rest } = request as Record<
    string,
    unknown
  >
  const own = typeof settings === 'object' && settings ? settings : undefined
  const finetuning = typeof config === 'object' && config ? config : undefined
  return {
    fields: linesOf({
      ...rest,
      ...(typeof target === 'object' && target && { target: withoutIdleSeed(target) }),
      algorithm,
      preset,
    }),
    settings: linesOf(finetuning ?? own ?? {}),
    algorithm: finetuning ? 'finetune' : typeof algorithm === 'string' ? algorithm : undefined,
  }
}
