import { bodyOf, client } from './client'
import { toFormData } from './form'
import type { components } from './schema'

export type Upload = components['schemas']['UploadView']

const at = (id: string) => ({ path: { upload_id: id } })

/** Announce a file; its bytes follow in pieces. */
export const beginUpload = (file: File, signal: AbortSignal) =>
  bodyOf(
    client.POST('/api/v1/uploads', { body: { name: file.name, size_bytes: file.size }, signal }),
  )

/** How far an upload has come. */
export const getUpload = (id: string, signal: AbortSignal) =>
  bodyOf(client.GET('/api/v1/uploads/{upload_id}', { params: at(id), signal }))

export const addPiece = (id: string, offset: number, piece: Blob, signal: AbortSignal) =>
  bodyOf(
    client.PUT('/api/v1/uploads/{upload_id}', {
      params: { ...at(id), query: { offset } },
      body: { piece: piece as unknown as string }, // what a schema calls a string of bytes
      bodySerializer: toFormData,
      signal,
    }),
  )

export const cancelUpload = (id: string) =>
  bodyOf(client.DELETE('/api/v1/uploads/{upload_id}', { params: at(id) }))
