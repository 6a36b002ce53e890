// The page: which view is shown, and what both need.
import * as api from './api.js'
import * as convert from './convert.js'
import { byId, el, showProblem } from './dom.js'
import * as review from './review.js'

const VIEWS = ['convert', 'review']

function show() {
  const asked = location.hash.slice(1).split('=')[0]
  const view = VIEWS.includes(asked) ? asked : 'convert'
  for (const name of VIEWS) byId(name).hidden = name !== view
  for (const link of document.querySelectorAll('nav [data-view]')) {
    if (link.dataset.view === view) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
  document.title = `${view === 'review' ? 'Review' : 'Convert'} – apograph`
  document.body.dataset.view = view
}

/** Asks for the token that the server printed. */
function askToken() {
  const field = el('input', { type: 'password', id: 'token', autocomplete: 'off', required: true })
  const form = el('form', { class: 'token' }, el('h1', {}, 'A token, please'),
    el('p', {}, 'This server is open to other machines. It printed a token when it was started.'),
    el('label', { for: 'token' }, 'Token'), field, el('button', { class: 'main' }, 'Go on'))
  form.addEventListener('submit', event => {
    event.preventDefault()
    api.setToken(field.value.trim())
    form.remove()
    begin()
  })
  byId('main').append(form)
  field.focus()
}

async function begin() {
  try {
    const formats = await api.formats()
    showProblem(null)
    convert.start(formats, (file, decisions) => {
      location.hash = '#review'
      review.open(file, decisions)
    })
    await review.start(formats)
    show()
    addEventListener('hashchange', show)
  } catch (problem) {
    showProblem(problem)
    if (problem.status === 401) askToken()
  }
}

begin()
