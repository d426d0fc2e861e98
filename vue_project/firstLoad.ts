import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip, gzipSync } from 'node:zlib'
import type { Plugin, Rolldown } from 'vite'

const WORTH_PACKING = /\.(js|mjs|css|html|svg|json|wasm)$/
const LEAST_BYTES = 1024
const LARGE_BYTES = 2 ** 20

/** All that a browser must have fetched before it can run a chunk: itself and what it imports. */
export function neededBy(name: string, bundle: Rolldown.OutputBundle): Set<string> {
  const needed = new Set([name])
  for (const each of needed) {
    const chunk = bundle[each]
    if (chunk?.type === 'chunk') chunk.imports.forEach((imported) => needed.add(imported))
  }
  return needed
}

/**
 * Fail the build if the scripts of the first page, compressed, are larger than they may be.
 *
 * @param page - Source file of the view that most visits begin with.
 */
export function limitFirstLoad(page: string, limitBytes: number): Plugin {
  return {
    name: 'limit-first-load',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((output) => output.type === 'chunk')
      const first = chunks.filter(
        (chunk) => chunk.isEntry || chunk.facadeModuleId?.endsWith(page) === true,
      )
      const needed = new Set(first.flatMap((chunk) => [...neededBy(chunk.fileName, bundle)]))
      const sizes = chunks
        .filter((chunk) => needed.has(chunk.fileName))
        .map((chunk) => ({ name: chunk.fileName, bytes: gzipSync(chunk.code).length }))
      const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0)
      const listed = sizes.map(({ name, bytes }) => `${name} ${bytes}`).join(', ')
      if (total > limitBytes) {
        this.error(
          `the first page needs ${total} bytes of compressed script, more than ${limitBytes}; ` +
            `import what it does not show at once with import(): ${listed}`,
        )
      }
      this.info(`the first page needs ${total} bytes of compressed script`)
    },
  }
}

/** Write a gzip and a brotli form beside every file that gains from it, for servers to send. */
export function packFiles(): Plugin {
  return {
    name: 'pack-files',
    async writeBundle({ dir = 'dist' }, bundle) {
      const names = Object.keys(bundle).filter((name) => WORTH_PACKING.test(name))
      await Promise.all(names.map((name) => pack(join(dir, name))))
    },
  }
}

async function pack(path: string): Promise<void> {
  const content = await readFile(path)
  if (content.length < LEAST_BYTES) return
  const quality = content.length > LARGE_BYTES ? 5 : 9 // the best takes minutes on large files
  const params = { [constants.BROTLI_PARAM_QUALITY]: quality }
  await writeFile(`${path}.gz`, await promisify(gzip)(content))
  await writeFile(`${path}.br`, await promisify(brotliCompress)(content, { params }))
}
