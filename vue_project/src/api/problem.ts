import type { Fault } from '@/lib/pointer'

/** A refusal or failure that the server explained, or that kept it from being reached (status 0). */
export class ApiError extends Error {
  readonly status: number
  readonly title: string
  readonly faults: readonly Fault[]

  constructor(status: number, { title, detail, faults = [] }: ProblemText) {
    super(detail)
    this.name = 'ApiError'
    this.status = status
    this.title = title
    this.faults = faults
  }

  /** Whether no server answered at all. */
  get isOffline(): boolean {
    return this.status === 0
  }
}

interface ProblemText {
  title: string
  detail: string
  faults?: readonly Fault[]
}

function isFault(value: unknown): value is Fault {
  return typeof value === 'object' && value !== null && 'pointer' in value && 'message' in value
}

const OFFLINE = 'the server cannot be reached; check that ModelFoundry is running'

/** Read a problem+json body; a body of any other kind (a proxy's page, say) becomes plain words. */
export function toApiError(status: number, body: unknown): ApiError {
  const code = `HTTP ${String(status)}`
  const problem: Record<string, unknown> =
    typeof body === 'object' && body !== null ? { ...body } : {}
  const title = typeof problem['title'] === 'string' ? problem['title'] : code
  const unexplained = status === 0 ? OFFLINE : `the server answered ${code} and nothing else`
  const detail = typeof problem['detail'] === 'string' ? problem['detail'] : unexplained
  const faults = Array.isArray(problem['errors']) ? problem['errors'].filter(isFault) : []
  return new ApiError(status, { title, detail, faults })
}
