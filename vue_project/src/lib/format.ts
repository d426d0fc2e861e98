/** Numbers, sizes and times as people read them; the only place that knows percentages. */

const MISSING = '–'

type Maybe = number | null | undefined

function isMissing(value: Maybe): value is null | undefined {
  return value === null || value === undefined || !Number.isFinite(value)
}

/** A ratio (0-1) as a percentage: 0.0843 is "8.4%". */
export function formatRatio(ratio: Maybe, locale: string, digits = 1): string {
  if (isMissing(ratio)) return MISSING
  return new Intl.NumberFormat(locale, {
    style: 'percent',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(ratio)
}

/** The difference of two ratios in percentage points, always signed: 0.021 is "+2.1". */
export function formatPoints(difference: Maybe, locale: string): string {
  if (isMissing(difference)) return MISSING
  return new Intl.NumberFormat(locale, {
    signDisplay: 'exceptZero',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(difference * 100)
}

export function formatCount(count: Maybe, locale: string): string {
  return isMissing(count) ? MISSING : new Intl.NumberFormat(locale).format(count)
}

/** A large count in short: 40551424 is "40.6M". */
export function formatCompact(count: Maybe, locale: string): string {
  if (isMissing(count)) return MISSING
  return new Intl.NumberFormat(locale, {
    notation: 'compact',
    maximumSignificantDigits: 3,
  }).format(count)
}

/** A number with about three significant digits, such as a latency or a loss. */
export function formatNumber(value: Maybe, locale: string): string {
  if (isMissing(value)) return MISSING
  return new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 }).format(value)
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB']

/** Sizes in powers of 1000: 1234567 is "1.23 MB". */
export function formatBytes(sizeBytes: Maybe, locale: string): string {
  if (isMissing(sizeBytes)) return MISSING
  const step = sizeBytes < 1 ? 0 : Math.floor(Math.log10(sizeBytes) / 3)
  const index = Math.min(step, BYTE_UNITS.length - 1)
  const value = formatNumber(sizeBytes / 1000 ** index, locale)
  return `${value} ${BYTE_UNITS[index] ?? ''}`
}

/** A length of time in its two largest units: 3725 is "1 h 2 min". */
export function formatDuration(seconds: Maybe, locale: string): string {
  if (isMissing(seconds)) return MISSING
  const whole = Math.max(0, Math.round(seconds))
  const parts: [number, string][] = [
    [Math.floor(whole / 86400), 'day'],
    [Math.floor((whole % 86400) / 3600), 'hour'],
    [Math.floor((whole % 3600) / 60), 'minute'],
    [whole % 60, 'second'],
  ]
  const first = parts.findIndex(([amount]) => amount > 0)
  const shown = first === -1 ? parts.slice(-1) : parts.slice(first, first + 2)
  return shown
    .filter(([amount], position) => amount > 0 || position === 0)
    .map(([amount, unit]) =>
      new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(amount),
    )
    .join(' ')
}

/** An ISO time as a date and a time of day in the reader's zone. */
export function formatTime(iso: string | null | undefined, locale: string): string {
  if (!iso) return MISSING
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(iso),
  )
}

/** An ISO time as the time of day with seconds, for log lines. */
export function formatClock(iso: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'medium' }).format(new Date(iso))
}
