import { defineAsyncComponent } from 'vue'
import UiSkeleton from './UiSkeleton.vue'

/** The reader of Markdown is fetched only by pages that show some. */
export const UiMarkdown = defineAsyncComponent({
  loader: () => import('./UiMarkdown.vue'),
  loadingComponent: UiSkeleton,
  delay: 0,
})
