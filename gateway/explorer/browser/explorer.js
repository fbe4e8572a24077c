// The script of the explorer's page. It starts GraphiQL with the product's operations, and adds the access token of the
// form to every request.

const { GraphiQL, React, ReactDOM } = window

// The page is at …/graphql/explorer.
const endpoint = new URL('../graphql', location.href)
const ACCEPT = 'application/graphql-response+json, application/json;q=0.9, text/event-stream;q=0.8'
const STORED_TOKEN = 'moblog-access-token'

const form = document.querySelector('form')
const field = document.querySelector('input')
const state = document.querySelector('output')

function showToken() {
  const token = sessionStorage.getItem(STORED_TOKEN)
  state.textContent = token ? 'Requests are signed in.' : 'Requests are signed out.'
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  const token = field.value.trim()
  if (token) sessionStorage.setItem(STORED_TOKEN, token)
  else sessionStorage.removeItem(STORED_TOKEN)
  field.value = ''
  showToken()
})

async function send(operation, { headers } = {}) {
  const token = sessionStorage.getItem(STORED_TOKEN)
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: ACCEPT,
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify(named(operation)),
  })
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream')
  return isStream ? resultsOf(response) : response.json()
}

/** GraphiQL learns the name of an operation a moment after its text, and until then sends that of the tab before. */
function named({ operationName, ...operation }) {
  return operation.query.split(/\W+/).includes(operationName) ? { operationName, ...operation } : operation
}

/** Reads the results of an event stream (GraphQL over SSE, distinct connections mode). */
async function* resultsOf(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let received = ''
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      const events = `${received}${next.value}`.split('\n\n')
      received = events.pop()
      for (const event of events) {
        const data = /^data: ?(.+)$/m.exec(event)?.[1]
        if (data) yield JSON.parse(data)
      }
    }
  } finally {
    await reader.cancel()
  }
}

showToken()
const operations = await (await fetch('explorer/operations.json')).json()
const explorer = React.createElement(GraphiQL, {
  fetcher: send,
  defaultTabs: operations,
})
ReactDOM.createRoot(document.querySelector('main')).render(explorer)
