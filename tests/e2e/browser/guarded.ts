import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const local = join(__dirname, '../../../.venv/bin/modelfoundry')
const command = existsSync(local) ? local : 'modelfoundry'

/** Start a server that asks for a token, on an empty data folder. */
export async function startGuarded() {
  const home = mkdtempSync(join(tmpdir(), 'modelfoundry-login-'))
  const env = { ...process.env, MODELFOUNDRY_HOME: home, OMP_NUM_THREADS: '1' }
  const secret = execFileSync(command, ['tokens', 'create', 'me', '--scope', 'submit'], { env })
    .toString()
    .trim()
  const server = spawn(command, ['serve', '--port', '0', '--login', 'required'], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let url = ''
  for await (const line of createInterface({ input: server.stdout })) {
    url = /http:\S+/.exec(line)?.[0] ?? ''
    break
  }

  async function stop() {
    const ended = new Promise((resolve) => server.once('exit', resolve))
    server.kill('SIGTERM')
    await ended
    rmSync(home, { recursive: true, force: true })
  }
  return { url, secret, stop }
}
