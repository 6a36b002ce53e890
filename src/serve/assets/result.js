// What became of one document: its outputs, what was noticed, what was inferred.
import { code } from './code.js'
import { count, download, el, figure, finding, tabs } from './dom.js'
import { reader } from './epub.js'

export const bytesOf = part =>
  part.text !== undefined ? part.text : Uint8Array.from(atob(part.base64), character => character.charCodeAt(0))

/** The files of an output, by their path in an archive. */
export const filesOf = content => content.files.map(part => {
  const folder = content.name.split('/').slice(0, -1)
  return [part.path ? [...folder, part.path].join('/') : content.name, bytesOf(part)]
})

const NAMES = { epub: 'EPUB', tei: 'TEI', markdown: 'Markdown', json: 'JSON' }

export const named = format => NAMES[format] ?? format

function output(content) {
  const [first, ...beside] = content.files
  const bytes = bytesOf(first)
  const shown = content.format === 'epub' ? reader(bytes, content.name) : code(bytes, content.format === 'tei')
  const save = el('button', { type: 'button', onclick: () => download(content.name, bytes, content.media_type) },
    `Download ${content.name.split('/').pop()}`)
  const more = beside.map(part => el('button', { type: 'button', onclick: () => download(part.path, bytesOf(part)) }, part.path))
  return el('div', { class: 'output' }, el('div', { class: 'bar' }, proof(content), save, more), shown)
}

function proof(content) {
  if (content.conserved === undefined) return el('p', { class: 'proof faint' }, 'The text was not compared.')
  const said = content.conserved
    ? 'Proven: read back, this file holds every character of the text.'
    : 'This file does not hold the whole text: see what was noticed.'
  return el('p', { class: content.conserved ? 'proof good' : 'proof bad' },
    el('span', { 'aria-hidden': 'true' }, content.conserved ? '✓ ' : '✕ '), said)
}

function noticed(findings) {
  if (!findings.length) return el('p', { class: 'faint' }, 'Nothing was lost, and nothing looked wrong.')
  const order = ['error', 'warning', 'loss', 'note']
  const sorted = [...findings].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))
  return el('ul', { class: 'findings' }, sorted.map(finding))
}

function inferred(rows) {
  if (!rows.length) return el('p', { class: 'faint' }, 'Nothing was inferred: the source says all of it.')
  const order = ['low', 'medium', 'high']
  const sorted = [...rows].sort((a, b) => order.indexOf(a.certainty) - order.indexOf(b.certainty))
  const head = ['Line', 'Certainty', 'What', 'Why', 'Rule'].map(word => el('th', { scope: 'col' }, word))
  return el('div', { class: 'wide', tabindex: '0', role: 'region', 'aria-label': 'Inferences' },
    el('table', {}, el('thead', {}, el('tr', {}, head)), el('tbody', {}, sorted.map(row => el('tr', {},
      el('td', { class: 'number' }, row.line ? String(row.line) : '–'),
      el('td', {}, el('span', { class: `certainty ${row.certainty}` }, row.certainty)),
      el('td', {}, row.what), el('td', {}, row.because), el('td', { class: 'faint' }, row.rule))))))
}

/** A document's result, whole. */
export function result(done, review) {
  const { counts } = done
  const lost = done.findings.filter(it => it.severity !== 'note')
  const facts = [
    counts.characters ? `${figure(counts.characters)} characters` : null,
    counts.notes ? count(counts.notes, 'note') : null,
    counts.pages ? count(counts.pages, 'page break') : null,
    counts.warnings ? count(counts.warnings, 'warning') : null,
    counts.losses ? count(counts.losses, 'loss', 'losses') : null,
    counts.doubts ? `${count(counts.doubts, 'inference')} in doubt` : null,
  ]
  const parts = done.contents.map(content => ({
    title: content.format === 'epub' ? 'Pages' : named(content.format),
    make: () => output(content),
  }))
  parts.push({ title: `Noticed (${lost.length || done.findings.length})`, make: () => noticed(done.findings) })
  parts.push({ title: `Inferred (${done.inferences.length})`, make: () => inferred(done.inferences) })
  return el('article', { class: 'result' },
    el('div', { class: 'bar' },
      el('h3', { tabindex: '-1' }, done.input),
      review ? el('button', { type: 'button', onclick: review }, 'Review what was inferred') : null),
    el('p', { class: 'faint' }, [done.format && `read as ${done.format}`, ...facts].filter(Boolean).join(' · ')),
    tabs(`Outputs of ${done.input}`, parts))
}
