// The view in which an editor looks at what was inferred, and decides.
import * as api from './api.js'
import { byId, count, download, el, figure, finding, showProblem, tell } from './dom.js'
import { Decisions, decide, place } from './decisions.js'
import { Reconstruction, Source, certaintyOf, point, spoken } from './panes.js'

const ORDER = { low: 0, medium: 1, high: 2, stated: 3, decided: 4 }
// What is called or begins elsewhere changes the text; what a date or a name means, only what is said of it.
const WEIGHT = { 'note-marker': 0, 'page-break': 1, date: 2, reference: 3, name: 4 }
const KIND = { 'note-marker': 'Note marker', 'page-break': 'Page break', date: 'Date', reference: 'Reference', name: 'Name' }
const VERDICT = { accept: 'accepted', reject: 'rejected', text: 'marked as text', move: 'moved', correct: 'corrected' }
const KEYS = [
  ['n', 'next'], ['p', 'previous'], ['a', 'accept'], ['r', 'reject'], ['t', 'mark as text'], ['m', 'move a note’s marker or a page break'], ['e', 'edit what a date means'],
  ['u', 'undo'], ['Enter', 'put it there, while moving'], ['Esc', 'stop moving'], ['1 – 9', 'one of the places offered, while moving'],
  ['← → ↑ ↓', 'the point in the source, while moving'], ['?', 'this help'],
]

let file = null
let found = null
let decisions = new Decisions()
let kept = true
let current = null
let moving = false
let editing = false
let asked = Promise.resolve()
const ui = {}

const doubtful = item => !item.decided && (item.certainty === 'low' || item.certainty === 'medium')

/** The items of the list: the least certain first; of those what changes most; then in the order of the text. */
function queue() {
  if (!found) return []
  const wanted = { doubts: doubtful, all: () => true }[ui.filter.value] ?? (item => item.kind === ui.filter.value)
  return found.items.filter(wanted).sort((a, b) => ORDER[certaintyOf(a)] - ORDER[certaintyOf(b)]
    || WEIGHT[a.kind] - WEIGHT[b.kind] || a.at[0] - b.at[0])
}

const item = id => found?.items.find(it => it.id === id) ?? null

/** Opens a source; `beside` is a file of decisions that came with it. */
export async function open(source, beside) {
  try {
    file = source
    decisions = new Decisions()
    kept = true
    current = null
    const text = beside ? await beside.blob.text() : source.path ? await api.decisions(source.path) : ''
    found = await api.review(file, text || '{}')
    decisions = new Decisions(found.decisions.decision ?? [])
    showProblem(null)
    ui.start.hidden = true
    ui.desk.hidden = false
    byId('review-title').classList.add('unseen')
    draw()
    select(queue()[0]?.id ?? null)
    tell(`${file.name} is open; ${count(queue().length, 'place')} in the list`)
    ui.title.focus()
  } catch (problem) {
    showProblem(problem)
  }
}

/** Asks anew, behind what was asked before: what is decided last is kept last. `fresh`: a decision that may be refused. */
function again(told, fresh) {
  asked = asked.then(() => renew(told, fresh))
}

/** Asks with what is decided now, and keeps it where it can be kept. */
async function renew(told, fresh) {
  const old = queue()
  const number = old.findIndex(it => it.id === current)
  const at = item(current)?.at[0] ?? 0
  try {
    found = await api.review(file, decisions.json())
  } catch (problem) {
    if (fresh) decisions.undo()
    return showProblem(problem)
  }
  stop()
  editing = false
  try {
    kept = false
    if (file.path) {
      await api.keep(file.path, found.toml)
      kept = true
    }
    showProblem(null)
  } catch (problem) {
    return showProblem(problem)
  }
  draw()
  const list = queue()
  const next = list[Math.min(Math.max(number, 0), list.length - 1)] ?? found.items.find(it => it.at[0] >= at)
  select(next?.id ?? null)
  tell(`${told}. ${count(list.length, 'place')} left in the list.${kept ? ' Kept beside the source.' : ''}`)
}

function verdict(word, more) {
  const it = item(current)
  if (!it || !allowed(it)[word]) return
  if (it.decided && word === 'accept') return tell('That is decided already')
  decisions.add(decide(it, word, more))
  again(`${KIND[it.kind]} ${VERDICT[word]}`, true)
}

/** Which verdicts make sense of an item. */
function allowed(it) {
  const placed = it.kind === 'note-marker' && found.of_source
  const printed = found.of_source && it.at[0] < it.at[1]
  const point = it.kind === 'note-marker' || it.kind === 'page-break'
  return {
    accept: it.kind !== 'note-marker' || placed,
    reject: !point || printed,
    text: !point || printed,
    move: placed || it.kind === 'page-break',
    correct: it.kind === 'date',
  }
}

function undo() {
  if (!decisions.undo()) return tell('There is nothing to undo')
  stop()
  again('Undone')
}

function select(id, quiet) {
  if (moving && id !== current) stop()
  if (id !== current) editing = false
  current = id
  point([ui.source, ui.text], id)
  for (const button of ui.list.querySelectorAll('button')) {
    const here = button.dataset.i === String(id)
    if (here) button.setAttribute('aria-current', 'true')
    else button.removeAttribute('aria-current')
    if (here) button.scrollIntoView({ block: 'nearest' })
  }
  card()
  const it = item(id)
  if (it && !quiet) tell(spoken(it))
}

function step(by) {
  const list = queue()
  if (!list.length) return tell('The list is empty')
  const number = list.findIndex(it => it.id === current)
  const next = number < 0 ? (by > 0 ? 0 : list.length - 1) : (number + by + list.length) % list.length
  select(list[next].id)
}

function move() {
  const it = item(current)
  if (!it || !allowed(it).move) return
  editing = false
  moving = true
  // Places are named in the text that every character was followed into.
  if (found.source) drawSource()
  ui.sourcePane.setCaret(it.at[1])
  ui.desk.classList.add('moving')
  show('source')
  card()
  tell('Moving: choose a place that is offered, click into the source, or go there with the arrow keys, then press Enter')
}

function stop() {
  if (!moving) return
  moving = false
  ui.desk.classList.remove('moving')
  ui.sourcePane.setCaret(null)
  if (found.source) drawSource()
  card()
}

/** Puts the marker where the point is: on what is printed there, if that is the note's label. */
function put() {
  const it = item(current)
  const at = ui.sourcePane.caret
  const label = it.note ?? ''
  const { text } = found
  const start = [at, at - label.length].find(from => label && from >= 0 && text.slice(from, from + label.length) === label)
  verdict('move', { to: start === undefined ? place(text, at, at) : place(text, start, start + label.length) })
}

function shift(key) {
  const { text } = found
  let at = ui.sourcePane.caret
  if (key === 'ArrowLeft') at -= /[\udc00-\udfff]/.test(text[at - 1] ?? '') ? 2 : 1
  else if (key === 'ArrowRight') at += /[\ud800-\udbff]/.test(text[at] ?? '') ? 2 : 1
  else {
    const line = ui.sourcePane.lineOf(at)
    const [start] = ui.sourcePane.bounds(line)
    const other = Math.min(Math.max(line + (key === 'ArrowUp' ? -1 : 1), 0), ui.sourcePane.starts.length - 1)
    const [from, to] = ui.sourcePane.bounds(other)
    at = Math.min(from + at - start, to)
  }
  ui.sourcePane.setCaret(Math.min(Math.max(at, 0), text.length))
  tell(text.slice(Math.max(0, ui.sourcePane.caret - 12), ui.sourcePane.caret) || 'start of the text')
}

const around = ({ before, quote, after }) => [`…${before.slice(-18)}`, el('mark', {}, quote || '‸'), `${after.slice(0, 18)}…`]

/** The item that is looked at, and what can be done with it. */
function card() {
  const it = item(current)
  ui.card.replaceChildren()
  if (!it) {
    const none = ui.filter.value === 'doubts' ? 'Nothing is in doubt any more.' : 'Nothing of this kind.'
    ui.card.append(el('p', { class: 'faint' }, queue().length ? 'Choose a place in the list.' : none))
    return
  }
  const can = allowed(it)
  const action = (word, label, key, does) => can[word]
    ? el('button', { type: 'button', 'aria-keyshortcuts': key, onclick: does, class: word === 'accept' ? 'main' : '' }, label, el('kbd', { 'aria-hidden': 'true' }, key))
    : null
  ui.card.append(...[
    el('p', { class: 'kind' }, KIND[it.kind], ' ', el('span', { class: `certainty ${certaintyOf(it)}` }, certaintyOf(it) === 'stated' ? 'as the source says' : certaintyOf(it))),
    el('p', { class: 'words' }, around(it.place)),
    it.what ? el('p', {}, it.what) : null,
    it.because ? el('p', { class: 'faint' }, it.because) : null,
    it.entry ? el('p', { class: 'faint entry-text' }, `${it.note}. ${it.entry.text}${it.entry.text.length > 150 ? '…' : ''}`) : null,
    found.source && !it.in_source?.exact
      ? el('p', { class: 'faint' }, it.in_source ? 'Of the source only the paragraph is known in which it stands.' : 'Where it stands in the source is not known.') : null,
    moving ? offers(it) : editing ? editor(it) : el('div', { class: 'actions' },
      action('accept', 'Accept', 'a', () => verdict('accept')),
      action('reject', 'Reject', 'r', () => verdict('reject')),
      action('text', 'Mark as text', 't', () => verdict('text')),
      action('correct', 'Edit', 'e', edit),
      action('move', 'Move', 'm', move))].filter(Boolean))
}

function edit() {
  const it = item(current)
  if (!it || !allowed(it).correct) return
  stop()
  editing = true
  card()
  show('list')
  byId('value').select()
}

/** A field for what a date means. */
function editor(it) {
  const end = () => { editing = false; card(); ui.list.querySelector('[aria-current]')?.focus() }
  const field = el('input', { id: 'value', value: it.value ?? '', autocomplete: 'off', spellcheck: false, required: true, 'aria-describedby': 'value-forms' })
  const form = el('form', { class: 'value', onsubmit: event => { event.preventDefault(); verdict('correct', { value: field.value.trim() }) } },
    el('label', { for: 'value' }, 'What it means'), field,
    el('p', { class: 'faint', id: 'value-forms' }, '1931, 1931-05, 1931-05-04; from – to: 1931-05-04/1931-05-07; some time between: [1931-05..1931-06]'),
    el('div', { class: 'actions' }, el('button', { class: 'main' }, 'Keep', el('kbd', { 'aria-hidden': 'true' }, 'Enter')),
      el('button', { type: 'button', onclick: end }, 'Stop', el('kbd', { 'aria-hidden': 'true' }, 'Esc'))))
  form.addEventListener('keydown', event => { if (event.key === 'Escape') end() })
  return form
}

function offers(it) {
  const take = other => verdict('move', { to: other.place })
  ui.offers = it.others ?? []
  return el('div', { class: 'offers' },
    el('p', {}, `${it.kind === 'page-break' ? 'Where does the page begin?' : 'Where is it?'} Click into the text on the left, or use the arrow keys and Enter.`),
    ui.offers.length ? el('ol', {}, ui.offers.map((other, number) => el('li', {},
      el('button', { type: 'button', onclick: () => take(other) }, el('kbd', {}, String(number + 1)), el('span', {}, around(other.place)))))) : null,
    el('div', { class: 'actions' },
      el('button', { type: 'button', class: 'main', onclick: put }, 'Put it here', el('kbd', { 'aria-hidden': 'true' }, 'Enter')),
      el('button', { type: 'button', onclick: stop }, 'Stop', el('kbd', { 'aria-hidden': 'true' }, 'Esc'))))
}

function draw() {
  ui.title.textContent = found.name
  const { counts } = found
  const proof = found.conserved ? '✓ every character of the source is in the document' : '✕ the text was not conserved: see what was noticed'
  ui.facts.replaceChildren(el('span', { class: found.conserved ? 'good' : 'bad' }, proof),
    ` · ${figure(counts.characters)} characters · ${count(counts.notes, 'note')} · ${count(counts.pages, 'page break')}`,
    found.of_source || found.source ? '' : ` · of ${found.format} the source can’t be shown: on the left stands the document’s text`)
  drawSource()
  ui.textPane.show(found.document, found.items)
  drawList()
  const worth = found.findings.filter(it => it.severity !== 'note' || it.code.startsWith('decision.'))
  ui.noticed.replaceChildren(el('summary', {}, `Noticed (${worth.length})`), el('ul', { class: 'findings' }, worth.map(finding)))
  ui.noticed.hidden = !worth.length
  ui.undo.disabled = !decisions.past.length
  ui.save.hidden = Boolean(file.path)
  ui.save.disabled = !decisions.all.length
  ui.kept.textContent = file.path
    ? (decisions.all.length ? `kept in ${file.path.replace(/\.[^./]*$/, '')}.decisions.toml` : 'decisions will be kept beside the source')
    : kept ? '' : 'not saved yet: download the file and put it beside the source'
}

/** The source; while something is moved, the text in which places are named. */
function drawSource() {
  if (!found.source || moving) return ui.sourcePane.show(found.text, found.items, found.decided)
  const there = found.items.filter(it => it.in_source).map(it => ({
    ...it, at: it.in_source.at, vague: !it.in_source.exact, entry: it.in_source.entry ? { at: it.in_source.entry } : undefined,
  }))
  ui.sourcePane.show(found.source, there, [])
  for (const it of found.items) it.line = it.in_source ? ui.sourcePane.lineOf(it.in_source.at[0]) + 1 : null
  point([ui.source], current)
}

function drawList() {
  const list = queue()
  ui.count.textContent = count(list.length, 'place')
  ui.list.replaceChildren(...list.slice(0, 1000).map(it => el('li', {},
    el('button', { type: 'button', data: { i: String(it.id) }, onclick: () => select(it.id) },
      el('span', { class: `certainty ${certaintyOf(it)}` }, certaintyOf(it)),
      el('span', { class: 'where' }, `${KIND[it.kind]}${it.note ? ` ${it.note}` : ''}${it.line ? `, line ${it.line}` : ''}`),
      el('span', { class: 'words' }, around(it.place))))))
  ui.decided.replaceChildren(el('summary', {}, `Decided (${decisions.all.length})`), el('ol', {}, found.decided.map((it, number) => el('li', {},
    el('span', {}, it.words, it.holds ? '' : el('strong', { class: 'bad' }, ' – its place is gone')),
    el('button', { type: 'button', class: 'plain', 'aria-label': `Take back: ${it.words}`, onclick: () => { decisions.remove(number); again('Taken back') } }, '✕')))))
  ui.decided.hidden = !decisions.all.length
}

function keys(event) {
  const field = event.target.closest?.('input, select, textarea, [contenteditable]')
  if (byId('review').hidden || !found || event.ctrlKey || event.altKey || event.metaKey || field) return
  if (event.key === '?') { ui.help.open = !ui.help.open; return }
  if (!ui.single.checked && event.key.length === 1) return
  if (moving) {
    if (/^[1-9]$/.test(event.key) && ui.offers[event.key - 1]) verdict('move', { to: ui.offers[event.key - 1].place })
    else if (event.key.startsWith('Arrow')) shift(event.key)
    else if (event.key === 'Escape') stop()
    else if (event.key === 'Enter' && !event.target.closest('button, summary, a')) put()
    else return
    event.preventDefault()
    return
  }
  const does = { n: () => step(1), p: () => step(-1), a: () => verdict('accept'), r: () => verdict('reject'), t: () => verdict('text'), m: move, e: edit, u: undo }[event.key]
  if (does) { does(); event.preventDefault() }
}

/** On a narrow page only one of the panes is shown. */
function show(pane) {
  ui.desk.dataset.pane = pane
  for (const button of ui.switch.querySelectorAll('button')) button.setAttribute('aria-pressed', String(button.dataset.pane === pane))
}

function picked(id, offset) {
  if (moving && offset) { ui.sourcePane.setCaret(offset()); return }
  if (id !== undefined) select(Number(id))
}

/** The sources of the folder, if the server was started with one. */
async function folder() {
  const listed = await api.sources()
  const row = source => el('li', {}, el('button', { type: 'button', class: 'link', onclick: async () => {
    try { open(await api.source(source.path)) } catch (problem) { showProblem(problem) }
  } }, source.path), source.decided ? el('span', { class: 'badge' }, 'with decisions') : null)
  return el('section', { 'aria-label': 'Sources' }, el('h2', {}, `Sources in ${listed.folder || 'the folder'}`),
    listed.sources.length ? el('ul', { class: 'sources' }, listed.sources.map(row)) : el('p', { class: 'faint' }, 'There are none.'),
    listed.more ? el('p', { class: 'faint' }, 'There are more than are listed.') : null)
}

async function choose(input) {
  const all = [...input.files].map(blob => ({ name: blob.name, blob }))
  input.value = ''
  const beside = all.find(it => /\.decisions\.toml$/.test(it.name))
  const source = all.find(it => it !== beside) ?? (beside && file)
  if (!source) return showProblem({ title: 'That is no source', detail: 'choose a transcript, and with it its file of decisions if there is one' })
  open(source, beside)
}

const opener = (label, main) => {
  const input = el('input', { type: 'file', multiple: true, class: 'unseen', tabindex: '-1', 'aria-hidden': 'true', onchange: event => choose(event.target) })
  return [input, el('button', { type: 'button', class: main ? 'main' : '', onclick: () => input.click() }, label)]
}

const legend = () => el('ul', { class: 'legend', 'aria-label': 'Marks' },
  [['low', 'doubtful ?'], ['medium', 'likely ~'], ['high', 'as good as certain'], ['stated', 'as the source says'], ['decided', 'decided']]
    .map(([name, words]) => el('li', {}, el('span', { class: `it c-${name}` }, words))))

/** Makes the view. */
export async function start(formats) {
  const single = localStorage.getItem('apograph-keys') !== 'off'
  ui.filter = el('select', { id: 'filter', onchange: () => { drawList(); select(queue()[0]?.id ?? null) } },
    [['doubts', 'what is doubtful'], ['all', 'everything'], ...Object.entries(KIND).map(([key, word]) => [key, `${word.toLowerCase()}s`])]
      .map(([value, words]) => el('option', { value }, words)))
  ui.start = el('div', { class: 'open' },
    el('p', {}, 'See a source beside what is made of it, and decide where the program can only guess. The source itself is never changed: what you decide is kept in a small file beside it, which every later conversion honours.'),
    el('div', { class: 'bar' }, opener('Open a source', true)))
  ui.switch = el('div', { class: 'switch', role: 'group', 'aria-label': 'What is shown' },
    [['list', 'List'], ['source', 'Source'], ['text', 'Document']].map(([pane, words]) =>
      el('button', { type: 'button', data: { pane }, 'aria-pressed': 'false', onclick: () => { show(pane); point([ui.source, ui.text], current) } }, words)))
  ui.help = el('details', { class: 'help' }, el('summary', {}, 'Keys'),
    el('dl', {}, KEYS.map(([key, words]) => el('div', {}, el('dt', {}, el('kbd', {}, key)), el('dd', {}, words)))),
    el('label', {}, ui.single = el('input', { type: 'checkbox', checked: single, onchange: () => localStorage.setItem('apograph-keys', ui.single.checked ? 'on' : 'off') }), 'Letters are commands'))
  const side = el('div', { class: 'side' },
    el('div', { class: 'bar' }, el('label', { for: 'filter' }, 'List'), ui.filter, ui.count = el('span', { class: 'faint' })),
    ui.card = el('div', { class: 'card', role: 'region', 'aria-label': 'The place that is looked at' }),
    el('div', { class: 'steps' },
      el('button', { type: 'button', 'aria-keyshortcuts': 'p', onclick: () => step(-1) }, '↑ Previous', el('kbd', { 'aria-hidden': 'true' }, 'p')),
      el('button', { type: 'button', 'aria-keyshortcuts': 'n', onclick: () => step(1) }, '↓ Next', el('kbd', { 'aria-hidden': 'true' }, 'n')),
      ui.undo = el('button', { type: 'button', 'aria-keyshortcuts': 'u', disabled: true, onclick: undo }, 'Undo', el('kbd', { 'aria-hidden': 'true' }, 'u'))),
    ui.list = el('ol', { class: 'queue', 'aria-label': 'Places, worst first' }),
    ui.decided = el('details', { class: 'decided', hidden: true }), ui.noticed = el('details', { hidden: true }), ui.help)
  const pane = (name, label) => el('div', { class: `pane ${name}`, tabindex: '0', role: 'region', 'aria-label': label })
  ui.source = pane('source', 'Source')
  ui.text = pane('text', 'Document')
  ui.sourcePane = new Source(ui.source, picked)
  ui.textPane = new Reconstruction(ui.text, picked)
  ui.desk = el('div', { class: 'desk', hidden: true },
    el('div', { class: 'bar head' }, ui.title = el('h2', { tabindex: '-1' }),
      ui.kept = el('span', { class: 'faint' }),
      ui.save = el('button', { type: 'button', onclick: () => { download(`${file.name.replace(/\.[^./]*$/, '')}.decisions.toml`, found.toml, 'application/toml'); kept = true; draw(); select(current, true) } }, 'Download the decisions'),
      opener('Open another')),
    ui.facts = el('p', { class: 'facts faint' }), legend(), ui.switch,
    el('div', { class: 'panes' }, side,
      el('div', { class: 'column source' }, el('h3', {}, 'Source'), ui.source),
      el('div', { class: 'column text' }, el('h3', {}, 'Document'), ui.text)))
  show('list')
  byId('review').append(el('h1', { id: 'review-title' }, 'Review'), ui.start, ui.desk)
  document.addEventListener('keydown', keys)
  addEventListener('beforeunload', event => { if (found && !kept) event.preventDefault() })
  if (formats.sources) ui.start.append(await folder())
}
