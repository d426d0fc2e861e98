import MarkdownIt, { type Token } from 'markdown-it'
import { h, type VNode } from 'vue'

const FRONT_MATTER = /^---\r?\n[\s\S]*?\r?\n---(?:\r?\n|$)/
const SAFE_ADDRESS = /^(?:https?:\/\/|mailto:)/i
/** The page has a title and each part of it a heading; those of a text come below them. */
const LEVELS_ABOVE = 2
const LOWEST_LEVEL = 6

const parser = new MarkdownIt({ html: false })

type Node = VNode | string

/**
 * What a text in Markdown says, as nodes of the page; a stranger may have written it. Everything
 * in it becomes text or one of a few elements: markup stays text, of images only their words are
 * left, and links lead to addresses of the web and of mail alone. Facts before the text, which
 * model hubs read, are left out.
 */
export function markdownNodes(text: string): Node[] {
  return nodesOf(parser.parse(text.replace(FRONT_MATTER, ''), {}))
}

function nodesOf(tokens: readonly Token[]): Node[] {
  const whole: Node[] = []
  const open: { opener: Token; children: Node[] }[] = []
  const innermost = () => open.at(-1)?.children ?? whole
  for (const token of tokens) {
    if (token.nesting === 1) {
      open.push({ opener: token, children: [] })
    } else if (token.nesting === -1) {
      const closed = open.pop()
      if (closed) innermost().push(...elementOf(closed.opener, closed.children))
    } else {
      innermost().push(...leafOf(token))
    }
  }
  return whole
}

function elementOf(opener: Token, children: Node[]): Node[] {
  if (opener.hidden) return children // the paragraphs of a tight list
  const attribute = (name: string) => opener.attrGet(name)?.toString()
  switch (opener.type) {
    case 'link_open':
      return [linkTo(attribute('href') ?? '', children)]
    case 'heading_open': {
      const level = Math.min(Number(opener.tag.slice(1)) + LEVELS_ABOVE, LOWEST_LEVEL)
      return [h(`h${level}`, children)]
    }
    case 'table_open':
      return [h('div', { class: 'markdown-wide', tabindex: 0 }, [h('table', children)])]
    case 'th_open': // without words it heads nothing
      return [h(children.length ? 'th' : 'td', { style: attribute('style') }, children)]
    default:
      return [h(opener.tag, { style: attribute('style'), start: attribute('start') }, children)]
  }
}

function linkTo(address: string, children: Node[]): Node {
  if (!SAFE_ADDRESS.test(address)) return h('span', children)
  return h('a', { href: address, target: '_blank', rel: 'noopener noreferrer nofollow' }, children)
}

function leafOf(token: Token): Node[] {
  switch (token.type) {
    case 'inline':
      return nodesOf(token.children ?? [])
    case 'softbreak':
      return [' ']
    case 'hardbreak':
    case 'hr':
      return [h(token.tag)]
    case 'code_inline':
      return [h('code', token.content)]
    case 'fence':
    case 'code_block':
      return [h('pre', { class: 'markdown-wide', tabindex: 0 }, [h('code', token.content)])]
    case 'image':
      return token.content ? [h('em', token.content)] : []
    default:
      return [token.content]
  }
}
