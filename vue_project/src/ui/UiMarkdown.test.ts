import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import UiMarkdown from './UiMarkdown.vue'

const rendered = (text: string) => mount(UiMarkdown, { props: { text } })

describe('a model card', () => {
  const card = rendered(
    [
      '---\nlicense: mit\n---\n',
      '# A module\n',
      'Cut out of **ResNet20**, see [the paper](https://example.org/paper).\n',
      '| | kept |\n|---|---:|\n| weights | `12%` |\n',
      '```python\nprint("<b>")\n```\n',
      '1. one\n2. two\n',
    ].join('\n'),
  )

  it('has headings below those of the page, and none of the facts for model hubs', () => {
    expect(card.get('h3').text()).toBe('A module')
    expect(card.text()).not.toContain('license')
  })

  it('has emphasis, links, lists, code and tables', () => {
    expect(card.get('strong').text()).toBe('ResNet20')
    expect(card.get('a').attributes()).toMatchObject({
      href: 'https://example.org/paper',
      rel: 'noopener noreferrer nofollow',
    })
    expect(card.findAll('ol > li').map((item) => item.text())).toEqual(['one', 'two'])
    expect(card.get('pre code').text()).toBe('print("<b>")')
    expect(card.findAll('tbody td').map((cell) => cell.text())).toEqual(['weights', '12%'])
  })

  it('has cells without words in its head as cells that head nothing', () => {
    expect(card.findAll('th').map((cell) => cell.text())).toEqual(['kept'])
  })
})

describe('a hostile text', () => {
  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<a href="javascript:alert(1)">x</a>',
    '<svg><style>@import "//evil.example"</style></svg>',
  ])('keeps markup as text: %s', (markup) => {
    const shown = rendered(markup)

    expect(shown.findAll('script, img, a, svg, style')).toEqual([])
    expect(shown.text()).toBe(markup)
  })

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java&#115;cript:alert(1)',
    'vbscript:x',
    'data:text/html,<script>1</script>',
    'file:///etc/passwd',
    '/api/v1/session',
    '//evil.example',
    '#app',
  ])('has no link to %s', (address) => {
    const shown = rendered(`[here](<${address}>) and\n\n[there][1]\n\n[1]: <${address}>`)

    expect(shown.findAll('a')).toEqual([])
    expect(shown.text()).toContain('here')
  })

  it('fetches no images and leaves their words', () => {
    const shown = rendered('![a cat](https://evil.example/pixel.png)![](x.png)')

    expect(shown.html()).not.toContain('evil.example')
    expect(shown.text()).toBe('a cat')
  })

  it('is read to its end however deep it is nested', () => {
    expect(rendered(`${'>'.repeat(20_000)} deep`).findAll('blockquote').length).toBeLessThan(200)
  })
})
