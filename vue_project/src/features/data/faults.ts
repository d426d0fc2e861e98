import { ApiError } from '@/api/problem'
import { messagesAt } from '@/lib/pointer'

/** What a refusal says of one field. */
export function errorsAt(error: Error | null, pointer: string): string[] {
  return error instanceof ApiError ? messagesAt(error.faults, pointer) : []
}

/** What a refusal says of anything but some fields, which show it themselves. */
export function errorsElsewhere(error: Error | null, fields: readonly string[]): string[] {
  if (!error) return []
  if (!(error instanceof ApiError) || error.faults.length === 0) return [error.message]
  return error.faults
    .filter(({ pointer }) => !fields.includes(pointer))
    .map(({ message }) => message)
}

/** A name that the server takes, made of a file's. */
export function nameOf(file: string): string {
  return file
    .replace(/\.\w+$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 64)
}
