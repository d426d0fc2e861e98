import { rmSync } from 'node:fs'

/** Remove the data folder that the configuration made for this run. */
export default function removeHome() {
  const home = process.env['E2E_HOME']
  if (home) rmSync(home, { recursive: true, force: true })
}
