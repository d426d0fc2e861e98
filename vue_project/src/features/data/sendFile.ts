import type { Upload } from '@/api/uploads'

export const PIECE_BYTES = 2 ** 20

/** The server's side of an upload, as far as sending goes. */
export interface Receiver {
  begin: (file: File, signal: AbortSignal) => Promise<Upload>
  find: (id: string, signal: AbortSignal) => Promise<Upload>
  add: (id: string, offset: number, piece: Blob, signal: AbortSignal) => Promise<Upload>
}

interface Options {
  /** Of an upload that broke off; what has arrived is not sent again. */
  id?: string | undefined
  signal: AbortSignal
  onProgress: (upload: Upload) => void
}

/** Send a file in pieces, from where the server has it to its end. */
export async function sendFile(
  file: File,
  receiver: Receiver,
  { id, signal, onProgress }: Options,
): Promise<Upload> {
  let upload = id ? await receiver.find(id, signal) : await receiver.begin(file, signal)
  onProgress(upload)
  while (!upload.is_complete) {
    const offset = upload.received_bytes
    const piece = file.slice(offset, offset + PIECE_BYTES)
    upload = await receiver.add(upload.id, offset, piece, signal)
    onProgress(upload)
  }
  return upload
}

/** What a browser knows of a file, to find its upload again after the page was reloaded. */
export function keyOf({ name, size, lastModified }: File): string {
  return `upload ${name} ${String(size)} ${String(lastModified)}`
}
