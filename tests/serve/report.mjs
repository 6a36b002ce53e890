// Tries the page that `convert --report` writes: finding, sorting, unfolding, links; without a network. node report.mjs
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { binary, folder, launch, SCREENS } from './harness.mjs'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const COUNT = 230
const sources = folder()
const others = readdirSync(sources).length
const out = mkdtempSync(join(tmpdir(), 'apograph-report-'))
for (let number = 1; number <= COUNT; number++) {
    // Names in another order than sizes.
    const lines = 'The ferry made a trip.\n\n'.repeat((number * 7) % COUNT + 1)
    writeFileSync(join(sources, `trip-${String(number).padStart(3, '0')}.txt`), `${number}. Memorandum\n\nPort Vale, May 4, 1931\n\n${lines}`)
}
const report = join(out, 'report.html')
const run = spawnSync(binary, ['convert', sources, '--to', 'tei', '-o', out, '--report', report, '--quiet'])
assert.equal(run.status, 1, 'broken.xml fails')

const browser = await launch()
const faults = []
for (const screen of Object.keys(SCREENS)) {
    const context = await browser.newContext({ ...SCREENS[screen], bypassCSP: false })
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    page.on('pageerror', error => faults.push(error.message))
    page.on('console', message => message.type() === 'error' && faults.push(message.text()))
    page.on('request', request => request.url().startsWith('file:') || faults.push(`asked ${request.url()}`))
    await page.goto(pathToFileURL(report).href)
    // What is far below is not laid out, and so not visible to Playwright, though it can be scrolled to.
    const names = () => page.$$eval('section:not([hidden]) > details[open] tr:not([hidden]) > td:first-child',
        cells => cells.filter(cell => getComputedStyle(cell.parentElement).display !== 'none').map(cell => cell.textContent))
    const documents = COUNT + others

    // All rows are there, those that failed first.
    const before = await names()
    assert.equal(before.length, documents)
    assert.match(before[0], /broken\.xml$/)

    // Find: by name, by what was found, by nothing that is there; and all come back.
    const find = async (words, count) => {
        await page.getByLabel('Find').fill('')
        await page.waitForFunction(() => document.querySelector('output').value === '')
        assert.deepEqual(await names(), before)
        await page.getByLabel('Find').fill(words)
        await page.waitForFunction(() => document.querySelector('output').value)
        assert.equal(await page.textContent('form output'), `${count} of ${documents} documents`)
        return (await names()).map(name => name.split('/').pop())
    }
    assert.deepEqual(await find('harbour', 1), ['harbour.txt'])
    assert.deepEqual(await find('FAILED broken', 1), ['broken.xml'])
    assert.deepEqual(await find('not-well-formed', 1), ['broken.xml'])
    assert.equal((await find('trip-1', 100)).length, 100)
    assert.deepEqual(await find('no such thing', 0), [])
    await page.getByLabel('Find').fill('')
    await page.waitForFunction(() => document.querySelector('output').value === '')

    // Sort: the largest first, and the order of the inputs again. Parts stay apart.
    const characters = () => page.$$eval('section', all => all.map(part =>
        [...part.querySelectorAll('tbody td:nth-child(4)')].map(cell => Number(cell.dataset.n ?? cell.textContent))))
    await page.getByLabel('Sort by').selectOption({ label: 'characters' })
    const sorted = await characters()
    for (const part of sorted) assert.deepEqual(part, [...part].sort((a, b) => b - a))
    assert.equal(sorted.flat().length, documents)
    assert.notDeepEqual(await names(), before)
    await page.getByLabel('Sort by').selectOption({ label: 'order of the inputs' })
    assert.deepEqual(await names(), before)

    // A document's output is where its link leads.
    const link = page.locator('tr:has-text("harbour.txt") a').first()
    assert.ok(existsSync(fileURLToPath(await link.evaluate(it => it.href))))

    const again = await browser.newContext({ ...SCREENS[screen], bypassCSP: true })
    const checked = await again.newPage()
    await checked.goto(pathToFileURL(report).href)
    await checked.evaluate(axe)
    const found = await checked.evaluate(() => globalThis.axe.run(document))
    assert.deepEqual(found.violations.map(it => `${it.id}: ${it.nodes[0].html.slice(0, 160)}`), [], `axe, ${screen}`)
    console.log(`ok   report, ${screen}: find, sort, links; ${found.passes.length} rules of axe`)
    await again.close()
    await context.close()
}
assert.deepEqual(faults, [], 'nothing goes wrong unseen')
await browser.close()
for (const made of [sources, out]) rmSync(made, { recursive: true })
