// Requests to the server that this page came from, and to no other.

/** What the server said was wrong (RFC 9457). */
export class Problem extends Error {
  constructor(said) {
    super(said.detail ?? said.title)
    Object.assign(this, said)
  }
}

const KEY = 'apograph-token'

// The token comes behind the `#` of the address, which no browser sends to any server.
const given = new URLSearchParams(location.hash.slice(1)).get('token')
if (given) {
  sessionStorage.setItem(KEY, given)
  history.replaceState(null, '', '#convert')
}

export const setToken = token => sessionStorage.setItem(KEY, token)

async function ask(path, options = {}) {
  const token = sessionStorage.getItem(KEY)
  const headers = { ...options.headers, ...(token ? { Authorization: `Bearer ${token}` } : {}) }
  let response
  try {
    response = await fetch(path, { ...options, headers })
  } catch {
    throw new Problem({ title: 'The server does not answer', detail: 'Is `apograph serve` still running?' })
  }
  if (response.ok) return response
  const said = await response.json().catch(() => ({ title: `The server says ${response.status}` }))
  throw new Problem({ status: response.status, ...said })
}

const form = (files, options) => {
  const body = new FormData()
  for (const [name, value] of options) if (value) body.append(name, value)
  for (const file of files) body.append('file', file.blob, file.name)
  return body
}

export const formats = async () => (await ask('/api/formats')).json()

/** Converts one file, with those that go with it. */
export const convert = async (files, options) =>
  (await (await ask('/api/convert', { method: 'POST', body: form(files, options) })).json()).documents[0]

/** A source beside what is made of it, with these decisions. */
export const review = async (file, decisions, options = []) =>
  (await ask('/api/review', { method: 'POST', body: form([file], [...options, ['decisions', decisions]]) })).json()

export const sources = async () => (await ask('/api/sources')).json()

const at = (kind, path) => `/api/${kind}?path=${encodeURIComponent(path)}`

/** A source of the folder, as a file. */
export const source = async path => ({ name: path, blob: await (await ask(at('source', path))).blob(), path })

/** The file of decisions about a source of the folder; empty if there is none. */
export const decisions = async path => (await ask(at('decisions', path))).text()

/** Keeps decisions beside a source of the folder. */
export const keep = (path, toml) =>
  ask(at('decisions', path), { method: 'PUT', body: toml, headers: { 'Content-Type': 'text/plain' } })
