// Tries the page: node page.mjs [FOLDER for pictures]
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { binary, folder, launch, open, serve, step } from './harness.mjs'

const pictures = process.argv[2]
const root = folder()
const server = await serve(root)
const browser = await launch()
const source = name => join(root, name)
let checks = 0

const convertAll = async (page, names) => {
    await page.setInputFiles('#convert input[type=file]:not([webkitdirectory])', names.map(source))
    await page.click('form button[type=submit]')
    await page.waitForFunction(count => document.querySelectorAll('.state.converted, .state.failed').length === count, names.length)
}

const tab = (page, name) => page.click(`[role=tab]:has-text("${name}")`)
const saved = async (page, does) => {
    const [download] = await Promise.all([page.waitForEvent('download'), does()])
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) }
}

await step('files are converted, and their outputs read', async () => {
    const { page, done } = await open(browser, server.address, 'light')
    await convertAll(page, ['harbour.txt', 'toll.txt'])
    // A frame is empty until its page is there.
    const text = await page.frameLocator('.leaf iframe').locator('body:has(*)').textContent()
    assert.ok(text.length > 0)
    await page.click('.contents button')
    await page.frameLocator('.leaf iframe').locator('text=I have counted 142 boats').first().waitFor()
    // No script of a book runs, and its frame can't leave.
    assert.equal(await page.getAttribute('.leaf iframe', 'sandbox'), 'allow-same-origin')
    await page.frameLocator('.leaf iframe').locator('a[role="doc-noteref"], a[epub\\:type="noteref"]').first().click()
    await tab(page, 'TEI')
    const lines = await page.locator('.listing .row:visible').count()
    await page.click('.fold[aria-expanded="true"] >> nth=1')
    assert.ok(await page.locator('.listing .row:visible').count() < lines, 'an element is folded')
    assert.match(await page.textContent('.proof.good >> visible=true'), /every character/)
    await tab(page, 'Markdown')
    await page.waitForSelector('.listing >> text=[^')
    await tab(page, 'Inferred')
    assert.match(await page.textContent('[role=tabpanel]:visible tbody'), /medium/)
    await done()
})

await step('outputs are downloaded, one and all', async () => {
    const { page, done } = await open(browser, server.address, 'light')
    await convertAll(page, ['harbour.txt', 'toll.txt'])
    await tab(page, 'TEI')
    const one = await saved(page, () => page.click('button:has-text("Download harbour.xml")'))
    assert.equal(one.name, 'harbour.xml')
    assert.match(one.bytes.toString(), /keel\.<note/)
    const all = await saved(page, () => page.click('button:has-text("Download all")'))
    assert.equal(all.name, 'apograph.zip')
    for (const name of ['harbour.xml', 'harbour.epub', 'harbour.md', 'toll.xml', 'toll.epub', 'toll.md']) {
        assert.ok(all.bytes.includes(name), name)
    }
    await done()
})

await step('a file that is dropped is taken, one that is broken says where', async () => {
    const { page, accessible, done } = await open(browser, server.address, 'light', pictures)
    await page.evaluate(text => {
        const transfer = new DataTransfer()
        transfer.items.add(new File([text], 'broken.xml'))
        document.querySelector('.drop').dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }))
    }, readFileSync(source('broken.xml'), 'utf8'))
    await page.waitForSelector('.job')
    await page.click('form button[type=submit]')
    await page.waitForSelector('.state.failed')
    assert.match(await page.textContent('.job .why'), /line 2, column/)
    checks += await accessible('failed')
    await done().catch(error => assert.match(error.message, /422/, 'the browser tells of the answer, and of nothing else'))
})

await step('a decision changes the document, is kept beside the source, and is undone', async () => {
    const { page, shot, done } = await open(browser, server.address, 'light', pictures)
    await page.click('nav a:has-text("Review")')
    await page.click('.sources button:has-text("harbour.txt")')
    await page.waitForSelector('.queue button')
    // Both ways: from the source to the document and back.
    await page.click('.pane.source .it.k-date >> nth=0')
    const id = await page.getAttribute('.pane.source .it.here', 'data-i')
    assert.equal(await page.getAttribute('.pane.text .here', 'data-i'), id)
    await page.click('.pane.text .it.k-note-marker:has-text("2")')
    assert.match(await page.textContent('.pane.source .it.here'), /^2/)
    assert.match(await page.textContent('.card'), /The list of these boats/)
    await shot('review')
    await page.keyboard.press('m')
    await page.waitForSelector('.offers li')
    await shot('moving')
    // The place that is offered first is the 2 of “142 boats”.
    await page.keyboard.press('1')
    await page.waitForSelector('.decided li', { state: 'attached' })
    assert.match(await page.textContent('.pane.text'), /of a new keel\.2/)
    assert.match(await page.textContent('.pane.text'), /counted 142 boats/)
    const file = source('harbour.decisions.toml')
    assert.match(readFileSync(file, 'utf8'), /verdict = "move"/)
    const tei = execFileSync(binary, ['convert', source('harbour.txt'), '--to', 'tei', '-o', '-'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString()
    assert.match(tei, /counted 14<note[^>]*cert="high" resp="#editor"/, 'the command line honours it')
    const explained = execFileSync(binary, ['explain', source('harbour.txt')], { stdio: ['ignore', 'pipe', 'ignore'] }).toString()
    assert.match(explained, /decision\.move/)
    await shot('decided')
    await page.keyboard.press('u')
    await page.waitForFunction(() => document.querySelector('.decided').hidden)
    assert.ok(!existsSync(file), 'nothing is decided any more')
    assert.match(await page.textContent('.pane.text'), /of a new keel\.2/)
    await done()
})

const tei = name => execFileSync(binary, ['convert', source(name), '--to', 'tei', '-o', '-'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString()
const review = async (page, name) => {
    await page.click('nav a:has-text("Review")')
    await page.click(`.sources button:has-text("${name}")`)
    await page.waitForSelector('.desk:not([hidden]) .pane.text *')
}
const decidedAre = (page, count) =>
    page.waitForFunction(count => document.querySelectorAll('.decided li').length === count, count)

await step('a page begins elsewhere: moved by the keyboard, moved again, and undone', async () => {
    const { page, shot, done } = await open(browser, server.address, 'light', pictures)
    await review(page, 'harbour.txt')
    await page.selectOption('#filter', 'page-break')
    await page.focus('.pane.source')
    await page.keyboard.press('m')
    // From the token over the empty line to the beginning of the paragraph above it.
    for (const key of ['ArrowUp', 'ArrowUp']) await page.keyboard.press(key)
    await shot('moving-a-page')
    await page.keyboard.press('Enter')
    await decidedAre(page, 1)
    const file = source('harbour.decisions.toml')
    assert.match(readFileSync(file, 'utf8'), /kind = "page-break"\nverdict = "move"/)
    assert.match(tei('harbour.txt'), /<p><pb[^>]*resp="#editor"[^>]*\/>I have counted/, 'the command line honours it')
    assert.doesNotMatch(tei('harbour.txt'), /\[Page 12\]/)
    await page.keyboard.press('m')
    for (let count = 0; count < 7; count++) await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.querySelector('.pane.text p:has(.k-page-break)')?.textContent.startsWith('I have ⁋ page 12counted'))
    await decidedAre(page, 1)
    await page.keyboard.press('u')
    await page.keyboard.press('u')
    await page.waitForFunction(() => document.querySelector('.decided').hidden)
    assert.ok(!existsSync(file), 'nothing is decided any more')
    // A token that is none is text.
    await page.keyboard.press('t')
    await decidedAre(page, 1)
    assert.match(tei('harbour.txt'), /\[Page 12\]/)
    await page.keyboard.press('u')
    await page.waitForFunction(() => document.querySelector('.decided').hidden)
    await done()
})

await step('what a date means is corrected; what is no date is refused', async () => {
    const { page, accessible, done } = await open(browser, server.address, 'light', pictures)
    await review(page, 'harbour.txt')
    await page.selectOption('#filter', 'date')
    await page.click('.queue button:has-text("May 17")')
    await page.keyboard.press('e')
    assert.equal(await page.inputValue('#value'), '1931-05-17')
    checks += await accessible('editing')
    await page.keyboard.type('yesterday')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.problem')
    assert.match(await page.textContent('.problem'), /`yesterday` is no date/)
    assert.ok(!existsSync(source('harbour.decisions.toml')), 'it is not kept')
    await page.fill('#value', '1930-05-17')
    await page.keyboard.press('Enter')
    await decidedAre(page, 1)
    assert.match(readFileSync(source('harbour.decisions.toml'), 'utf8'), /verdict = "correct"\nvalue = "1930-05-17"/)
    assert.match(tei('harbour.txt'), /<date when="1930-05-17"[^>]*resp="#editor"[^>]*>May 17/)
    await page.click('button:has-text("Undo")')
    await page.waitForFunction(() => document.querySelector('.decided').hidden)
    assert.match(tei('harbour.txt'), /<date when="1931-05-17"/)
    await done().catch(error => assert.match(error.message, /422/, 'the browser tells of the answer, and of nothing else'))
})

await step('the worst comes first, and of the same certainty what changes most', async () => {
    const { page, done } = await open(browser, server.address, 'light')
    await review(page, 'harbour.txt')
    await page.selectOption('#filter', 'all')
    const rows = await page.$$eval('.queue button', buttons => buttons.map(button => [
        ['low', 'medium', 'high', 'stated', 'decided'].findIndex(name => button.querySelector(`.certainty.${name}`)),
        ['Note', 'Page', 'Date', 'Refe', 'Name'].indexOf(button.querySelector('.where').textContent.slice(0, 4)),
    ]))
    assert.ok(rows.length > 6 && rows.every(row => row.every(rank => rank >= 0)), JSON.stringify(rows))
    const sorted = [...rows].sort((a, b) => a[0] - b[0] || a[1] - b[1])
    assert.deepEqual(rows, sorted)
    assert.ok(new Set(rows.map(String)).size > 2)
    await done()
})

await step('Markdown and TEI stand as they are beside the document', async () => {
    const { page, shot, done } = await open(browser, server.address, 'light', pictures)
    await review(page, 'notice.md')
    assert.match(await page.textContent('.pane.source'), /for the want of a keel\.‸?\[\^1\]/)
    await page.selectOption('#filter', 'all')
    await page.click('.pane.source .it.k-date:has-text("June 22")')
    assert.match(await page.textContent('.pane.text .it.here'), /June 22/)
    assert.match(await page.textContent('.queue [aria-current]'), /line 3/)
    await shot('review-markdown')
    // Places are named in the document's own text: it is shown while something moves.
    await page.selectOption('#filter', 'page-break')
    await page.focus('.pane.source')
    await page.keyboard.press('m')
    assert.doesNotMatch(await page.textContent('.pane.source'), /\{\.pb/)
    for (let count = 0; count < 4; count++) await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Enter')
    await decidedAre(page, 1)
    assert.match(await page.textContent('.pane.source'), /\{\.pb/)
    assert.match(tei('notice.md'), /<pb [^>]*resp="#editor"/)
    await page.keyboard.press('u')
    await page.waitForFunction(() => document.querySelector('.decided').hidden)
    await page.setInputFiles('.head input[type=file]', source('log.xml'))
    await page.waitForFunction(() => document.querySelector('.pane.source').textContent.includes('teiHeader'))
    await page.selectOption('#filter', 'all')
    await page.click('.pane.text .it.k-page-break')
    assert.match(await page.textContent('.pane.source .it.here'), /<pb n="5"\/>/)
    await page.click('.pane.source .it.k-date')
    assert.match(await page.textContent('.pane.text .it.here'), /June 20/)
    await shot('review-tei')
    await done()
})

await step('the keyboard alone is enough', async () => {
    const { page, done } = await open(browser, server.address, 'light')
    const tabTo = async what => {
        for (let count = 0; count < 40; count++) {
            await page.keyboard.press('Tab')
            if (await page.evaluate(what => document.activeElement.matches('a, button') && document.activeElement.textContent.includes(what), what)) return
        }
        assert.fail(`no way to ${what} with the tabulator`)
    }
    await tabTo('Review')
    await page.keyboard.press('Enter')
    await tabTo('toll.txt')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.queue button')
    const first = await page.textContent('.card')
    await page.keyboard.press('n')
    await page.keyboard.press('p')
    assert.equal(await page.textContent('.card'), first)
    await page.keyboard.press('r')
    await page.waitForSelector('.undone')
    await page.keyboard.press('u')
    await page.waitForFunction(() => !document.querySelector('.undone'))
    // A marker is moved to a point with the arrows.
    await page.selectOption('#filter', 'note-marker')
    await page.focus('.pane.source')
    await page.keyboard.press('m')
    for (let count = 0; count < 3; count++) await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.decided li', { state: 'attached' })
    assert.match(await page.textContent('.pane.text h3'), /Toll Hou1se/)
    await page.keyboard.press('u')
    await page.waitForFunction(() => document.querySelector('.decided').hidden)
    // Letters are commands only where that is wanted.
    await page.click('.help summary')
    await page.click('.help input')
    const before = await page.textContent('.card')
    await page.focus('.pane.source')
    await page.keyboard.press('r')
    await page.waitForTimeout(200)
    assert.equal(await page.textContent('.card'), before)
    await done()
})

await step('of a file that was dropped the decisions are a download, and come back with it', async () => {
    const { page, done } = await open(browser, server.address, 'light')
    await page.click('nav a:has-text("Review")')
    await page.setInputFiles('.open input[type=file]', source('harbour.txt'))
    await page.waitForSelector('.queue button')
    await page.keyboard.press('a')
    await page.waitForSelector('.decided li', { state: 'attached' })
    const file = await saved(page, () => page.click('button:has-text("Download the decisions")'))
    assert.equal(file.name, 'harbour.decisions.toml')
    assert.match(file.bytes.toString(), /verdict = "accept"/)
    assert.ok(!existsSync(source('harbour.decisions.toml')), 'nothing is written of what was only dropped')
    await page.setInputFiles('.head input[type=file]', [
        { name: 'harbour.txt', mimeType: 'text/plain', buffer: readFileSync(source('harbour.txt')) },
        { name: file.name, mimeType: 'application/toml', buffer: file.bytes },
    ])
    await page.waitForSelector('.decided li', { state: 'attached' })
    await done()
})

for (const screen of ['light', 'dark', 'phone']) {
    await step(`axe finds nothing: ${screen}`, async () => {
        const { page, accessible, done } = await open(browser, server.address, screen, pictures)
        checks += await accessible('start')
        await convertAll(page, ['harbour.txt', 'toll.txt'])
        await page.click('form details summary')
        await page.frameLocator('.leaf iframe').locator('body').waitFor()
        for (const name of ['Pages', 'TEI', 'Markdown', 'Noticed', 'Inferred']) {
            await tab(page, name)
            checks += await accessible(`convert-${name.toLowerCase()}`)
        }
        await page.click('nav a:has-text("Review")')
        checks += await accessible('review-start')
        await page.click('.sources button:has-text("harbour.txt")')
        await page.waitForSelector('.queue button', { state: 'attached' })
        for (const pane of ['List', 'Source', 'Document']) {
            if (screen === 'phone') await page.click(`.switch button:has-text("${pane}")`)
            else if (pane !== 'List') continue
            checks += await accessible(`review-${pane.toLowerCase()}`)
        }
        if (screen === 'phone') await page.click('.switch button:has-text("List")')
        await page.click('.help summary')
        await page.selectOption('#filter', 'note-marker')
        await page.click('.card button:has-text("Move")')
        await page.waitForSelector('#caret', { state: 'attached' })
        checks += await accessible('review-moving')
        await done()
    })
}

await step('with a token the page asks for it', async () => {
    const guarded = await serve('--token', '0123456789abcdef')
    const [page] = [await browser.newPage()]
    await page.goto(guarded.address.split('#')[0])
    await page.fill('#token', '0123456789abcdef')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.drop')
    await page.close()
    await guarded.stop()
})

await step('a server that is gone is said to be', async () => {
    const { page, accessible } = await open(browser, server.address, 'light', pictures)
    await page.setInputFiles('#convert input[type=file]:not([webkitdirectory])', source('toll.txt'))
    await server.stop()
    await page.click('form button[type=submit]')
    await page.waitForSelector('.state.failed')
    assert.match(await page.textContent('.job .why'), /still running/)
    checks += await accessible('gone')
})

await browser.close()
console.log(`axe: ${checks} rules passed over all views, no violation`)
