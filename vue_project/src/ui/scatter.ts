import { defineAsyncComponent } from 'vue'
import UiSkeleton from './UiSkeleton.vue'

/** Points that belong together; `title` is shown where one is pointed at. */
export interface ScatterDots {
  name: string
  tone: 'module' | 'original' | 'second'
  dots: readonly { x: number; y: number; title: string }[]
  /** Larger, with an outline. */
  isMarked?: boolean
  /** Steps lead from each dot to the next. */
  isJoined?: boolean
}

/** The chart library is large; it is fetched only by pages that draw. */
export const UiScatterChart = defineAsyncComponent({
  loader: () => import('./UiScatterChart.vue'),
  loadingComponent: UiSkeleton,
  delay: 0,
})
