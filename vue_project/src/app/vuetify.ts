import 'vuetify/styles/core'
import { createVuetify } from 'vuetify/framework'
import { aliases, mdi } from 'vuetify/iconsets/mdi-svg'

/** Colours come from theme.css, for both themes, so one Vuetify theme is enough. */
export const vuetify = createVuetify({
  icons: { defaultSet: 'mdi', aliases, sets: { mdi } },
  theme: { defaultTheme: 'light', utilities: false },
})
