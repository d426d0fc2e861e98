import chinese from './settingsInChinese.json'

/** What a server offers to start work with; it speaks English. */
export interface Offer {
  /** What an algorithm does. */
  summary?: string
  settings_schema: object
  presets: readonly { name: string; title: string; description: string }[]
}

interface Words {
  title: string
  description: string
  /** Values that can be chosen. */
  choices?: Record<string, string>
}

interface OfferWords {
  summary?: string
  presets: Partial<Record<string, Words>>
  settings: Partial<Record<string, Words>>
}

const wordsOf: Partial<Record<string, OfferWords>> = chinese

/** Say an offer in Chinese, by the algorithm's name; what is not known here stays as served. */
export function offerInChinese<T extends Offer>(name: string, offer: T): T {
  const words = wordsOf[name]
  const { properties = {} } = offer.settings_schema as { properties?: Record<string, object> }
  const settings = Object.entries(properties).map(([setting, schema]) => {
    const known = words?.settings[setting] ?? chinese.shared.settings[setting as never]
    return [setting, { ...schema, ...known }]
  })
  return {
    ...offer,
    ...(words?.summary && { summary: words.summary }),
    settings_schema: { ...offer.settings_schema, properties: Object.fromEntries(settings) },
    presets: offer.presets.map((preset) => ({ ...preset, ...words?.presets[preset.name] })),
  }
}
