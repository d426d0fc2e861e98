import { QueryCache, QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { ApiError } from '@/api/problem'
import { sessionQuery } from '@/api/session'
import { usePreferences } from '@/stores/preferences'
import AppShell from './AppShell.vue'
import { makeI18n } from './i18n'
import { router } from './router'
import { vuetify } from './vuetify'
import './theme.css'

/** What the server refused it will refuse again; only an unreachable server is worth a retry. */
function shouldRetry(failures: number, error: Error): boolean {
  return error instanceof ApiError && error.isOffline && failures < 2
}

/** A session that has ended is noticed by whatever is refused first. */
function noticeLogout(error: Error) {
  if (error instanceof ApiError && error.status === 401) {
    void queryClient.invalidateQueries({ queryKey: sessionQuery().queryKey })
  }
}

const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeLogout }),
  defaultOptions: {
    // A server on this machine answers without any network.
    queries: { networkMode: 'always', retry: shouldRetry, staleTime: 5_000 },
    mutations: { networkMode: 'always' },
  },
})

const app = createApp(AppShell)
app.use(createPinia())
app.use(makeI18n(usePreferences().locale))
app.use(VueQueryPlugin, { queryClient })
app.use(vuetify)
app.use(router)
app.mount('#app')
