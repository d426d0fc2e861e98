import { computed } from 'vue'
import type { AlgorithmView } from '@/api/algorithms'
import type { Settings } from './schema'

/** The algorithm and the preset that are meant: those named, or else the first ones offered. */
export function useMethod(
  offered: () => readonly AlgorithmView[],
  named: () => { algorithm: string; preset: string },
) {
  const algorithmName = computed(() => named().algorithm || (offered()[0]?.name ?? ''))
  const algorithm = computed(() => offered().find(({ name }) => name === algorithmName.value))
  const preset = computed(() => {
    const wanted = named().preset || algorithm.value?.default_preset
    return algorithm.value?.presets.find(({ name }) => name === wanted)
  })
  const base = computed(() => (preset.value?.settings ?? {}) as Settings)
  return { algorithmName, algorithm, preset, base }
}
