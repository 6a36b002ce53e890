// The view in which files are dropped and converted.
import * as api from './api.js'
import { byId, count, download, el, finding, showProblem, size, tell } from './dom.js'
import { filesOf, named, result } from './result.js'
import { zip } from './zip.js'

/** How many files are sent at once. */
const AT_ONCE = 2
const ASIDE = /\.(toml|ya?ml)$/i
const WORDS = { waiting: 'waiting', working: 'converting …', converted: 'converted', failed: 'failed' }

let known
let openReview
let jobs = []
let shown = null
const parts = {}

/** All files of what was dropped, folders opened. */
async function dropped(transfer) {
  const entries = [...transfer.items].map(item => item.webkitGetAsEntry?.()).filter(Boolean)
  if (!entries.length) return [...transfer.files].map(blob => ({ name: blob.name, blob }))
  const found = []
  const open = async entry => {
    if (entry.isFile) {
      const blob = await new Promise((done, failed) => entry.file(done, failed))
      found.push({ name: entry.fullPath.replace(/^\//, ''), blob })
      return
    }
    const reader = entry.createReader()
    for (;;) {
      const some = await new Promise((done, failed) => reader.readEntries(done, failed))
      if (!some.length) return
      for (const inner of some) await open(inner)
    }
  }
  for (const entry of entries) await open(entry)
  return found.sort((a, b) => a.name < b.name ? -1 : 1)
}

const aside = name => name.replace(/\.[^./]*$/, '.decisions.toml')

/** Takes files in: those that some reader knows become jobs, with the decisions that came along. */
function take(files) {
  const extensions = known.formats.filter(format => format.read).flatMap(format => format.extensions)
  const isSource = name => !name.includes('.') || extensions.some(known => name.toLowerCase().endsWith(`.${known}`))
  const visible = files.filter(file => !file.name.split('/').some(part => part.startsWith('.')))
  const sources = visible.filter(file => isSource(file.name) && !ASIDE.test(file.name))
  for (const file of sources) {
    const with_ = visible.filter(other => other.name === aside(file.name))
    const job = { file, with_, state: file.blob.size > known.largest ? 'failed' : 'waiting', problem: null, done: null }
    if (job.state === 'failed') job.problem = { detail: `the file is larger than ${size(known.largest)}` }
    jobs.push(job)
  }
  const passed = visible.length - sources.length - visible.filter(file => /\.decisions\.toml$/.test(file.name)).length
  showProblem(sources.length ? null : { title: 'There is nothing to convert', detail: `files may end in ${extensions.map(it => `.${it}`).join(', ')}` })
  parts.passed.textContent = passed > 0 && sources.length ? `${count(passed, 'file')} of other kinds ${passed === 1 ? 'was' : 'were'} passed over` : ''
  draw()
  tell(`${count(sources.length, 'file')} added`)
}

function options() {
  const chosen = [...parts.targets.querySelectorAll('input:checked')].map(input => input.value)
  const choice = name => [name, parts.form.elements[name].value]
  return [['to', chosen.join(',')], ...['from', 'profile', 'notes', 'theme'].map(choice)]
}

async function run() {
  const asked = options()
  if (!asked[0][1]) return showProblem({ title: 'No format is chosen', detail: 'choose at least one to convert to' })
  showProblem(null)
  const todo = jobs.filter(job => job.file.blob.size <= known.largest)
  todo.forEach(job => Object.assign(job, { state: 'waiting', done: null, problem: null }))
  parts.run.disabled = true
  draw()
  const queue = [...todo]
  const worker = async () => {
    for (let job = queue.shift(); job; job = queue.shift()) {
      job.state = 'working'
      draw()
      try {
        job.done = await api.convert([job.file, ...job.with_], asked)
        job.state = job.done.status === 'converted' ? 'converted' : 'failed'
        job.problem = job.state === 'failed' ? { diagnostics: job.done.findings } : null
      } catch (problem) {
        Object.assign(job, { state: 'failed', problem })
      }
      draw()
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  parts.run.disabled = false
  const good = todo.filter(job => job.state === 'converted')
  tell(`${good.length} of ${count(todo.length, 'file')} converted`)
  if (good.length) open(shown && good.includes(shown) ? shown : good[0], todo.length === 1)
  draw()
}

function open(job, focus) {
  shown = job
  parts.result.replaceChildren(job ? result(job.done, () => openReview(job.file, job.with_[0])) : '')
  if (focus) parts.result.querySelector('h3')?.focus()
  draw()
}

function remove(job) {
  jobs = jobs.filter(other => other !== job)
  if (shown === job) open(null)
  draw()
}

/** One archive of all that was made. */
function saveAll() {
  const files = jobs.flatMap(job => job.done?.contents.flatMap(filesOf) ?? [])
  const once = [...new Map(files)]
  zip(once).arrayBuffer().then(bytes => download('apograph.zip', bytes, 'application/zip'))
}

function row(job) {
  const facts = job.done?.counts
  const doubts = facts?.doubts ? `, ${facts.doubts} in doubt` : ''
  const state = el('span', { class: `state ${job.state}` }, (WORDS[job.state] ?? job.state) + doubts)
  const noticed = job.state === 'failed' && job.problem
    ? el('div', { class: 'why' }, job.problem.detail ? el('p', {}, job.problem.detail) : null,
      el('ul', { class: 'findings' }, (job.problem.diagnostics ?? []).filter(it => it.severity === 'error').slice(0, 5).map(finding)))
    : null
  return el('li', { class: shown === job ? 'job current' : 'job' },
    el('span', { class: 'file' }, job.file.name, job.with_.length ? el('span', { class: 'badge' }, 'with decisions') : null),
    el('span', { class: 'faint' }, size(job.file.blob.size)), state,
    el('span', { class: 'actions' },
      job.done?.contents.length ? el('button', { type: 'button', 'aria-label': `Show ${job.file.name}`, onclick: () => open(job, true) }, 'Show') : null,
      el('button', { type: 'button', 'aria-label': `Review ${job.file.name}`, onclick: () => openReview(job.file, job.with_[0]) }, 'Review'),
      el('button', { type: 'button', class: 'plain', 'aria-label': `Remove ${job.file.name}`, onclick: () => remove(job) }, '✕')),
    noticed)
}

function draw() {
  const ended = jobs.filter(job => ['converted', 'failed'].includes(job.state)).length
  const working = jobs.some(job => job.state === 'working')
  parts.list.replaceChildren(...jobs.map(row))
  parts.progress.hidden = !working
  parts.progress.max = jobs.length || 1
  parts.progress.value = ended
  parts.jobs.hidden = !jobs.length
  parts.run.textContent = `Convert ${count(jobs.length, 'file')}`
  parts.all.hidden = !jobs.some(job => job.done?.contents.length)
}

const choice = (name, label, entries) => el('label', { class: 'field' }, label,
  el('select', { name }, entries.map(([value, words]) => el('option', { value }, words))))

function optionsForm() {
  const writers = known.formats.filter(format => format.write)
  parts.targets = el('fieldset', { class: 'targets' }, el('legend', {}, 'Convert to'), writers.map(format =>
    el('label', {}, el('input', { type: 'checkbox', value: format.name, checked: ['tei', 'epub', 'markdown'].includes(format.name) }), named(format.name))))
  const readers = known.formats.filter(format => format.read).map(format => [format.name, `${named(format.name)} – ${format.summary}`])
  const profiles = known.profiles.map(profile => [profile.name, profile.name])
  parts.form = el('form', { onsubmit: event => { event.preventDefault(); run() } }, parts.targets,
    el('details', {}, el('summary', {}, 'More options'), el('div', { class: 'fields' },
      choice('from', 'Read as', [['', 'what content and name tell'], ...readers]),
      choice('profile', 'How transcripts are written', [['', 'as the text itself tells'], ...profiles]),
      choice('notes', 'Notes of EPUBs', [['', 'in pop-ups'], ['chapter', 'at the end of each document'], ['book', 'at the end of the book']]),
      choice('theme', 'Looks of EPUBs', [['', 'for documents'], ['book', 'for novels'], ['clear', 'for those who find dense text hard']]))),
    el('div', { class: 'bar' },
      parts.run = el('button', { type: 'submit', class: 'main' }, 'Convert'),
      parts.all = el('button', { type: 'button', hidden: true, onclick: saveAll }, 'Download all as a ZIP'),
      parts.progress = el('progress', { hidden: true, 'aria-label': 'Files converted' })))
  return parts.form
}

const picker = folder => {
  const input = el('input', { type: 'file', multiple: true, class: 'unseen', tabindex: '-1', 'aria-hidden': 'true' })
  if (folder) input.setAttribute('webkitdirectory', '')
  input.addEventListener('change', () => {
    take([...input.files].map(blob => ({ name: blob.webkitRelativePath || blob.name, blob })))
    input.value = ''
  })
  return [input, el('button', { type: 'button', onclick: () => input.click() }, folder ? 'Choose a folder' : 'Choose files')]
}

/** Makes the view. `review` opens a file in the other one. */
export function start(formats, review) {
  known = formats
  openReview = review
  const zone = el('div', { class: 'drop' },
    el('p', {}, el('strong', {}, 'Drop files or a folder here')),
    el('p', { class: 'faint' }, 'Transcripts, TEI, Markdown, EPUB. They are read on this machine, and changed nowhere.'),
    el('div', { class: 'bar' }, picker(false), picker(true)))
  const over = on => event => { event.preventDefault(); zone.classList.toggle('over', on) }
  for (const target of [document.body]) {
    target.addEventListener('dragover', over(true))
    target.addEventListener('dragleave', over(false))
    target.addEventListener('drop', async event => {
      over(false)(event)
      if (byId('convert').hidden) location.hash = '#convert'
      take(await dropped(event.dataTransfer))
    })
  }
  byId('convert').append(el('h1', { id: 'convert-title' }, 'Convert'), zone,
    parts.passed = el('p', { class: 'faint' }),
    parts.jobs = el('div', { hidden: true },
      el('h2', {}, 'Files'), parts.list = el('ul', { class: 'jobs' }), optionsForm()),
    parts.result = el('div', { class: 'results' }))
  draw()
}
