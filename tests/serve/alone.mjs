// Tries the page without a server: node alone.mjs PAGE.html [FOLDER for pictures]
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { binary, folder, launch, open, step } from './harness.mjs'

const [, , file, pictures] = process.argv
const address = pathToFileURL(file).href
const root = folder()
const source = name => join(root, name)
const browser = await launch()
let checks = 0

/** What the page's own module makes of a file, and in how many milliseconds. */
const convert = (page, name, text, to) => page.evaluate(async ({ name, text, to }) => {
    const api = await import('api.js')
    const before = performance.now()
    const done = await api.convert([{ name, blob: new Blob([text]) }], [['to', to]])
    return { done, milliseconds: performance.now() - before }
}, { name, text, to })

const FORMATS = { tei: 'xml', epub: 'epub', markdown: 'md', json: 'json' }

await step('a file opened from the disk converts as the program does, to the byte', async () => {
    const { page, done } = await open(browser, address, 'light', pictures)
    for (const name of ['harbour.txt', 'toll.txt', 'notice.md', 'log.xml']) {
        const { done: made } = await convert(page, name, readFileSync(source(name), 'utf8'), Object.keys(FORMATS).join(','))
        assert.equal(made.status, 'converted', JSON.stringify(made.findings))
        execFileSync(binary, ['convert', source(name), '--to', Object.keys(FORMATS).join(','), '-o', join(root, 'out'), '--force', '-q'], { stdio: 'ignore' })
        for (const content of made.contents) {
            const own = readFileSync(join(root, 'out', name.replace(/[^.]*$/, FORMATS[content.format])))
            const [part] = content.files
            const bytes = part.text === undefined ? Buffer.from(part.base64, 'base64') : Buffer.from(part.text)
            assert.ok(bytes.equals(own), `${name}: ${content.format} has ${bytes.length} bytes, the program’s ${own.length}`)
            assert.equal(content.conserved, content.format === 'json' ? undefined : true)
        }
    }
    await done()
})

await step('it is chosen, converted, read and downloaded by hand', async () => {
    const { page, accessible, done } = await open(browser, address, 'light', pictures)
    checks += await accessible('alone-start')
    await page.setInputFiles('#convert input[type=file]:not([webkitdirectory])', [source('harbour.txt')])
    await page.click('form button[type=submit]')
    await page.waitForSelector('.state.converted')
    await page.click('.contents button')
    await page.waitForFunction(() => document.querySelector('.leaf iframe').contentDocument?.body?.textContent.includes('I have counted 142 boats'))
    // The style sheets of the book are read, and its links are followed within it.
    const inBook = does => page.evaluate(`(${does})(document.querySelector('.leaf iframe').contentDocument)`)
    assert.equal(await inBook(book => getComputedStyle(book.querySelector('a[role="doc-noteref"]')).textDecorationLine), 'none')
    await inBook(book => book.querySelector('a[role="doc-noteref"]').click())
    assert.match(await inBook(book => book.body.textContent), /I have counted 142 boats/)
    checks += await accessible('alone-converted')
    await page.click('[role=tab]:has-text("Markdown")')
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('button:has-text("Download harbour.md")')])
    assert.match(readFileSync(await download.path(), 'utf8'), /keel\.\[\^/)
    await done()
})

await step('what is broken says where', async () => {
    const { page, done } = await open(browser, address, 'light')
    await page.setInputFiles('#convert input[type=file]:not([webkitdirectory])', [source('broken.xml')])
    await page.click('form button[type=submit]')
    await page.waitForSelector('.state.failed')
    assert.match(await page.textContent('.job .why'), /line 2, column/)
    await done()
})

await step('what nests too deep is a problem, and the next file is none', async () => {
    const { page, done } = await open(browser, address, 'light')
    const deep = await page.evaluate(async () => {
        const api = await import('api.js')
        const text = `<TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body>${'<div>'.repeat(50_000)}`
        return api.convert([{ name: 'deep.xml', blob: new Blob([text]) }], [['to', 'tei']]).then(() => 'converted', problem => problem.detail)
    })
    assert.ok(deep.length > 12, deep)
    const { done: made } = await convert(page, 'toll.txt', readFileSync(source('toll.txt'), 'utf8'), 'tei')
    assert.equal(made.status, 'converted')
    await done()
})

await step('a source is reviewed, and the decisions are a download', async () => {
    const { page, accessible, done } = await open(browser, address, 'phone', pictures)
    await page.click('nav a:has-text("Review")')
    await page.setInputFiles('.open input[type=file]', source('harbour.txt'))
    await page.waitForSelector('.queue button', { state: 'attached' })
    checks += await accessible('alone-review')
    await page.keyboard.press('a')
    await page.waitForSelector('.decided li', { state: 'attached' })
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('button:has-text("Download the decisions")')])
    assert.match(readFileSync(await download.path(), 'utf8'), /verdict = "accept"/)
    await done()
})

// A transcript of thirty times the letter shows what the way through a browser costs.
const long = Array.from({ length: 30 }, (_, number) => readFileSync(source('harbour.txt'), 'utf8').replace(/^31\./, `${number + 1}.`)).join('\n')
const { page } = await open(browser, address, 'light')
for (const to of ['tei', 'epub']) await convert(page, 'long.txt', long, to)
for (const to of ['tei', 'epub']) {
    const { milliseconds } = await convert(page, 'long.txt', long, to)
    console.log(`${long.length} characters to ${to}: ${milliseconds.toFixed(1)} ms`)
}
await browser.close()
console.log(`axe: ${checks} rules passed, no violation`)
