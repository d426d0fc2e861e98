import { nextTick } from 'vue'
import { createRouter, createWebHistory } from 'vue-router'

/** One line per page; each page is a file of its own, fetched when it is first opened. */
export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'catalog', component: () => import('@/features/catalog/CatalogView.vue') },
    {
      path: '/launch',
      name: 'launch',
      component: () => import('@/features/launch/LaunchView.vue'),
    },
    { path: '/jobs', name: 'jobs', component: () => import('@/features/jobs/JobListView.vue') },
    {
      path: '/jobs/:id',
      name: 'job',
      component: () => import('./JobPage.vue'),
      props: true,
      meta: { section: 'jobs' },
    },
    {
      path: '/sweeps',
      name: 'sweeps',
      component: () => import('@/features/sweeps/SweepListView.vue'),
    },
    {
      path: '/sweeps/new',
      name: 'new-sweep',
      component: () => import('@/features/sweeps/SweepNewView.vue'),
      meta: { section: 'sweeps' },
    },
    {
      path: '/sweeps/:id',
      name: 'sweep',
      component: () => import('@/features/sweeps/SweepView.vue'),
      props: true,
      meta: { section: 'sweeps' },
    },
    {
      path: '/reuse',
      name: 'reuse',
      component: () => import('@/features/reuse/ReuseView.vue'),
    },
    {
      path: '/train',
      name: 'train',
      component: () => import('@/features/train/TrainView.vue'),
      meta: { section: 'sweeps' },
    },
    {
      path: '/modules',
      name: 'modules',
      component: () => import('@/features/modules/ModuleListView.vue'),
    },
    {
      path: '/modules/:id',
      name: 'module',
      component: () => import('./ModulePage.vue'),
      props: true,
      meta: { section: 'modules' },
    },
    {
      path: '/modules/:id/try',
      name: 'try',
      component: () => import('@/features/try/TryView.vue'),
      props: true,
      meta: { section: 'modules' },
    },
    {
      path: '/compare',
      name: 'compare',
      component: () => import('@/features/compare/CompareView.vue'),
      meta: { section: 'modules' },
    },
    {
      path: '/models',
      name: 'models',
      component: () => import('@/features/models/ModelListView.vue'),
      meta: { section: 'modules' },
    },
    {
      path: '/models/:name',
      name: 'model',
      component: () => import('./ModelPage.vue'),
      props: true,
      meta: { section: 'models' },
    },
    { path: '/data', name: 'data', component: () => import('@/features/data/DataView.vue') },
    {
      path: '/benchmark',
      name: 'benchmark',
      component: () => import('@/features/benchmark/BenchmarkView.vue'),
    },
    {
      path: '/settings',
      name: 'settings',
      component: () => import('@/features/settings/SettingsView.vue'),
    },
    { path: '/:rest(.*)*', name: 'missing', component: () => import('./MissingView.vue') },
  ],
  scrollBehavior(to, from, saved) {
    const isSame = to.path === from.path && to.query['cursor'] === from.query['cursor']
    return saved ?? (isSame ? false : { top: 0 })
  },
})

/** A new page begins at its heading, for the keyboard and for screen readers too. */
router.afterEach(async (to, from) => {
  const isFirst = from.matched.length === 0
  if (isFirst || to.path === from.path) return
  await nextTick()
  const content = document.getElementById('content')
  const heading = content?.querySelector('h1') ?? content
  heading?.focus({ preventScroll: true })
})
