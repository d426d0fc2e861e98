const node = (tag, props = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), props)
  made.append(...children)
  return made
}
const nameOf = (schema) => {
  if (!schema) return ''
  if (schema.$ref) return schema.$ref.split('/').pop()
  if (schema.anyOf) return schema.anyOf.map(nameOf).join(' or ')
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' or ')
  if (schema.type === 'array') return `list of ${nameOf(schema.items) || 'anything'}`
  return schema.type ?? 'anything'
}
const table = (rows) => {
  const made = node('table')
  for (const cells of rows) {
    const [first, ...rest] = cells
    made.append(node('tr', {}, node('td', {}, node('code', { textContent: first })),
      ...rest.map((text) => node('td', { textContent: text }))))
  }
  return made
}
const content = (part) => Object.entries(part?.content ?? {})
  .map(([type, { schema }]) => `${nameOf(schema)} (${type})`).join(', ')
const drawOperation = (path, verb, operation) => {
  const body = node('div')
  if (operation.description) body.append(node('p', { textContent: operation.description }))
  const inputs = (operation.parameters ?? []).map(({ name, in: place, schema }) =>
    [name, `${place}, ${nameOf(schema)}`, schema?.description ?? ''])
  if (operation.requestBody) inputs.push(['body', content(operation.requestBody), ''])
  if (inputs.length) body.append(node('h4', { textContent: 'Request' }), table(inputs))
  const answers = Object.entries(operation.responses)
    .map(([status, answer]) => [status, content(answer), answer.description ?? ''])
  body.append(node('h4', { textContent: 'Responses' }), table(answers))
  return node('details', {}, node('summary', {},
    node('code', { className: 'verb', textContent: verb.toUpperCase() }),
    node('code', { textContent: path }), ' ',
    node('span', { className: 'what', textContent: operation.summary ?? '' })), body)
}
const draw = (spec) => {
  const operations = document.getElementById('operations')
  operations.replaceChildren()
  for (const { name } of spec.tags) {
    operations.append(node('h2', { textContent: name }))
    for (const [path, verbs] of Object.entries(spec.paths).sort())
      for (const [verb, operation] of Object.entries(verbs))
        if (operation.tags?.includes(name)) operations.append(drawOperation(path, verb, operation))
  }
  for (const [name, schema] of Object.entries(spec.components.schemas))
    document.getElementById('schemas').append(node('details', { id: name },
      node('summary', {}, node('code', { textContent: name })),
      node('div', {}, node('pre', { textContent: JSON.stringify(schema, null, 2) }))))
}
const drawProblems = (spec) => {
  const list = document.getElementById('problem-types')
  for (const { type, status, title, remedy } of spec['x-problem-types']) {
    const id = type.split('#').pop()
    list.append(
      node('dt', { id }, node('code', { textContent: `${status} ${id}` }), ` ${title}`),
      node('dd', { textContent: remedy }))
  }
  document.getElementById(location.hash.slice(1))?.scrollIntoView()
}
fetch('openapi.json').then((answer) => answer.json()).then((spec) => {
  draw(spec)
  drawProblems(spec)
}).catch((error) => {
  document.getElementById('operations').textContent = `Could not load openapi.json: ${error}`
})
