import { defineStore } from 'pinia'
import { ref } from 'vue'

export interface Toast {
  id: number
  message: string
}

const SHOWN_MS = 5000

/** Short messages about something that has just happened. */
export const useToasts = defineStore('toasts', () => {
  const toasts = ref<Toast[]>([])
  let lastId = 0

  function dismiss(id: number) {
    toasts.value = toasts.value.filter((toast) => toast.id !== id)
  }

  function show(message: string) {
    const id = ++lastId
    toasts.value = [...toasts.value, { id, message }]
    setTimeout(() => {
      dismiss(id)
    }, SHOWN_MS)
  }

  return { toasts, show, dismiss }
})
