import {
  mdiLan,
  mdiPackageVariantClosed,
  mdiPodiumGold,
  mdiPuzzleOutline,
  mdiTrayArrowUp,
  mdiViewGridOutline,
} from '@mdi/js'
import type { RouteLocationNormalizedLoaded, Router } from 'vue-router'

/** A part of the program: the page it opens with comes first, and names it. */
export interface Section {
  name: string
  icon: string
  pages: readonly string[]
}

const sections: readonly Section[] = [
  { name: 'catalog', icon: mdiViewGridOutline, pages: ['catalog'] },
  { name: 'modules', icon: mdiPackageVariantClosed, pages: ['modules', 'models', 'compare'] },
  { name: 'jobs', icon: mdiLan, pages: ['jobs', 'sweeps'] },
  { name: 'reuse', icon: mdiPuzzleOutline, pages: ['reuse'] },
  { name: 'data', icon: mdiTrayArrowUp, pages: ['data'] },
  { name: 'benchmark', icon: mdiPodiumGold, pages: ['benchmark'] },
]

/** The sections and those of their pages that this build has. */
export function sectionsOf(router: Pick<Router, 'hasRoute'>): Section[] {
  return sections
    .map((section) => ({
      ...section,
      pages: section.pages.filter((page) => router.hasRoute(page)),
    }))
    .filter((section) => section.pages.length > 0)
}

type Place = Pick<RouteLocationNormalizedLoaded, 'name' | 'meta'>

/** Where a place is: the section and the page it is, or is below; nowhere for the settings. */
export function placeAmong(sections: readonly Section[], place: Place) {
  for (const name of [place.name, place.meta['section']]) {
    const section = sections.find(({ pages }) => pages.some((page) => page === name))
    if (section) return { section: section.name, page: name }
  }
  return undefined
}
