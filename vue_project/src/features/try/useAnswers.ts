import type { Manifest } from '@/api/modules'
import {
  moduleFileUrl,
  predictByModule,
  type KeptNetwork,
  type RunnableFormat,
} from '@/api/predict'
import { ask, openNetwork, type Network } from './engine'
import { seeAs, type Picture } from './picture'
import { toPlanes } from './pixels'
import { fromBrowser, fromServer, toAnswer, type Asked, type Engine, type Tried } from './tried'

interface Trial {
  id: string
  manifest: Manifest
  original: KeptNetwork | null | undefined
  engine: Engine
  format: RunnableFormat
}

/** Have a picture answered as is chosen at that moment; networks are opened once. */
export function useAnswers(trial: () => Trial) {
  const networks = new Map<string, Promise<Network>>()

  function open(url: string): Promise<Network> {
    const opened = networks.get(url) ?? openNetwork(url)
    networks.set(url, opened)
    opened.catch(() => networks.delete(url))
    return opened
  }

  async function inBrowser(picture: Picture, number: number): Promise<Tried> {
    const asked = askedOf(trial())
    const opened = await Promise.all(asked.map(({ url }) => open(url)))
    const [module] = opened as [Network]
    const seen = await seeAs(picture.content, module.width, module.height)
    const planes = toPlanes(seen.pixels, module.channels)
    const answers = []
    for (const [at, each] of asked.entries()) {
      answers.push(toAnswer(each, await ask(opened[at] as Network, planes)))
    }
    return fromBrowser(number, picture, seen, answers)
  }

  async function onServer(picture: Picture, number: number): Promise<Tried> {
    const { id, format } = trial()
    return fromServer(number, picture, await predictByModule(id, picture, format))
  }

  return (picture: Picture, number: number) =>
    trial().engine === 'browser' ? inBrowser(picture, number) : onServer(picture, number)
}

function askedOf({ id, manifest, original, format }: Trial): (Asked & { url: string })[] {
  const { title, target } = manifest
  const url = moduleFileUrl(id, format)
  const module = { role: 'module' as const, name: title, outputs: target.outputs, url }
  if (!original) return [module]
  const { title: name, outputs, onnx_url } = original
  return [module, { role: 'original', name, outputs, url: onnx_url }]
}
