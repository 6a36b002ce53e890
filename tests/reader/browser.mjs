// A browser for the scripts of this folder, and the files of a book as they stand in its archive.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const candidates = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Where Chromium is. */
export const executable = () => {
    const path = candidates.find(path => path && existsSync(path))
    if (!path) throw new Error('there is no Chromium; name it with CHROMIUM=/path/to/chromium')
    return path
}

export const launch = () => {
    return chromium.launch({
        executablePath: executable(),
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
            '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    })
}

/** Unpacks a book into a folder of its own and tells that folder. */
export const unpack = epub => {
    const folder = mkdtempSync(join(tmpdir(), 'book-'))
    execFileSync('unzip', ['-q', epub, '-d', folder])
    return folder
}
