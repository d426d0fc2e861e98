import { describe, expect, it } from 'vitest'
import {
  formatBytes,
  formatCompact,
  formatDuration,
  formatNumber,
  formatPoints,
  formatRatio,
} from './format'

describe('format', () => {
  it('shows a ratio as a percentage with one decimal', () => {
    expect(formatRatio(0.0843, 'en')).toBe('8.4%')
  })

  it('shows a dash for what was not measured, never a zero', () => {
    expect([
      formatRatio(null, 'en'),
      formatBytes(undefined, 'en'),
      formatNumber(NaN, 'en'),
    ]).toEqual(['–', '–', '–'])
  })

  it('signs a difference in percentage points', () => {
    expect(formatPoints(0.021, 'en')).toBe('+2.1')
    expect(formatPoints(-0.004, 'en')).toBe('-0.4')
    expect(formatPoints(0, 'en')).toBe('0.0')
  })

  it('counts sizes in powers of 1000', () => {
    expect(formatBytes(0, 'en')).toBe('0 B')
    expect(formatBytes(999, 'en')).toBe('999 B')
    expect(formatBytes(1_234_567, 'en')).toBe('1.23 MB')
  })

  it('shortens large counts', () => {
    expect(formatCompact(40_551_424, 'en')).toBe('40.6M')
  })

  it('shows a length of time in its two largest units', () => {
    expect(formatDuration(3725, 'en')).toBe('1 hr 2 min') // 3600 + 2*60 + 5
    expect(formatDuration(61, 'en')).toBe('1 min 1 sec')
    expect(formatDuration(3600, 'en')).toBe('1 hr')
    expect(formatDuration(0.2, 'en')).toBe('0 sec')
    expect(formatDuration(273700, 'en')).toBe('3 days 4 hr') // 3*86400 + 4*3600 + 100
  })

  it('follows the language', () => {
    expect(formatDuration(90, 'zh-CN')).toBe('1分钟 30秒')
  })
})
