import { defineAsyncComponent } from 'vue'
import UiSkeleton from './UiSkeleton.vue'

/** One curve: what it is called, how it looks, and its points in the order of `x`. */
export interface ChartLine {
  name: string
  tone: 'module' | 'original' | 'second'
  points: readonly (readonly [x: number, y: number])[]
  isDashed?: boolean
  /** Whether every point is shown, where only those were measured. */
  hasDots?: boolean
  /** The x of a point to be marked, such as the chosen epoch. */
  marked?: number | undefined
}

/** The chart library is large; it is fetched only by pages that draw. */
export const UiLineChart = defineAsyncComponent({
  loader: () => import('./UiLineChart.vue'),
  loadingComponent: UiSkeleton,
  delay: 0,
})

export const UiHeatmap = defineAsyncComponent({
  loader: () => import('./UiHeatmap.vue'),
  loadingComponent: UiSkeleton,
  delay: 0,
})
