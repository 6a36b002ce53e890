// A server of its own in a folder of its own, a browser, and what the steps share.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const here = import.meta.dirname
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const candidates = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
export const binary = process.env.APOGRAPH

export const launch = () => {
    const executablePath = candidates.find(path => path && existsSync(path))
    if (!executablePath) throw new Error('there is no Chromium; name it with CHROMIUM=/path/to/chromium')
    return chromium.launch({
        executablePath,
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
            '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    })
}

/** A folder with the sources of this one's `sources`. */
export const folder = () => {
    const made = mkdtempSync(join(tmpdir(), 'apograph-page-'))
    cpSync(join(here, 'sources'), made, { recursive: true })
    return made
}

/** A server, when it has told its address. */
export const serve = (...args) => new Promise((done, failed) => {
    const child = spawn(binary, ['serve', '--port', '0', ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    child.on('error', failed)
    child.stdout.on('data', data => {
        said += data
        if (said.includes('\n')) done({ address: said.trim(), stop: () => new Promise(end => { child.once('exit', end); child.kill('SIGTERM') }) })
    })
})

export const SCREENS = {
    light: { viewport: { width: 1440, height: 900 } },
    dark: { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' },
    phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
}

/** A page that may ask nobody but its server (or itself, if it is a file), and in which nothing may go wrong unseen. */
export async function open(browser, address, screen, pictures) {
    const context = await browser.newContext({ ...SCREENS[screen], acceptDownloads: true })
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    const faults = []
    const own = address.startsWith('file:') ? address : `${new URL(address).origin}/`
    page.on('pageerror', error => faults.push(error.message))
    page.on('console', message => message.type() === 'error' && faults.push(message.text()))
    page.on('request', request => {
        if (!request.url().startsWith(own) && !/^(blob|data):/.test(request.url())) faults.push(`asked ${request.url()}`)
    })
    await page.goto(address)
    await page.waitForSelector('.drop')
    const shot = async name => pictures && page.screenshot({ path: join(pictures, `${screen}-${name}.png`) })
    /** What axe says of the view as it is now: nothing. */
    const accessible = async name => {
        await shot(name)
        await page.evaluate(axe)
        const found = await page.evaluate(() => globalThis.axe.run(document, { iframes: false }))
        const told = found.violations.map(it => `${it.id} (${it.impact}): ${it.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | ')}`)
        assert.deepEqual(told, [], `axe, ${screen}, ${name}`)
        const wide = await page.evaluate(() => document.documentElement.scrollWidth) - page.viewportSize().width
        assert.ok(wide <= 0, `${screen}, ${name}: the page is ${wide} pixels too wide`)
        return found.passes.length
    }
    const done = async () => {
        await context.close()
        assert.deepEqual(faults, [], 'nothing goes wrong unseen')
    }
    return { page, shot, accessible, faults, done }
}

/** Does one thing, and says how it went; what fails does not keep the others from being tried. */
export async function step(name, does) {
    const before = Date.now()
    try {
        await does()
        console.log(`ok   ${name} (${Date.now() - before} ms)`)
    } catch (error) {
        console.log(`FAIL ${name}\n${error.message}`)
        process.exitCode = 1
    }
}
