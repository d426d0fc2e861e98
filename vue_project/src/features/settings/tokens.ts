import type { Scope } from '@/api/session'
import type { NewToken, TokenView } from '@/api/tokens'

/** From the least to the most. */
export const scopes: readonly Scope[] = ['read', 'submit', 'admin']

export const daysToHold: readonly string[] = ['7', '30', '90', '365']

/** What a form holds; no days mean that the token holds until it is revoked. */
export interface TokenDraft {
  name: string
  scope: string
  days: string
}

export function toNewToken({ name, scope, days }: TokenDraft): NewToken {
  return {
    name,
    scope: scopes.find((known) => known === scope) ?? 'read',
    expires_days: days ? Number(days) : null,
  }
}

export function isExpired(token: Pick<TokenView, 'expires_at'>, now = new Date()): boolean {
  return token.expires_at !== null && new Date(token.expires_at) <= now
}
