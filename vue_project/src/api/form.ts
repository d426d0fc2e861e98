type Value = string | number | boolean | Blob | null | undefined

/** A multipart form of what is there; files keep their names. */
export function toFormData(values: object = {}): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(values) as [string, Value][]) {
    if (value instanceof Blob) form.append(name, value)
    else if (value !== null && value !== undefined && value !== '') form.append(name, String(value))
  }
  return form
}
