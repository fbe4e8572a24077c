import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pino from 'pino'
import { newId } from '../../../platform/ids.ts'
import type { Prober } from '../probing/ffprobe.ts'
import { measureTracks } from '../probing/measure-tracks.ts'
import { openSandbox } from '../sandbox/open-sandbox.ts'
import { examineRecording, withTimeFor } from './examine-recording.ts'
import type { Attempt, Rendering } from './rendering.ts'

const MB = 1_000_000
const ANY = { formats: 'mp4', maxPixels: 1 }

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'moblog-packets-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

/** A prober whose ffprobe is a shell script, so that a test decides how long it waits and computes. */
async function proberWith(script: string): Promise<Prober> {
  const command = path.join(folder, 'ffprobe')
  await writeFile(command, '#!/bin/sh\n')
  await chmod(command, 0o755)
  const sandbox = await openSandbox({
    wanted: 'limits',
    programs: [command],
    log: pino({ level: 'silent' }),
    folder: path.join(folder, 'sandbox'),
  })
  // Opening a sandbox tries its programs.
  await writeFile(command, `#!/bin/sh\n${script}\n`)
  return { command, sandbox, workFolder: path.join(folder, 'work'), timeoutMs: 500 }
}

const measure = (prober: Prober, byteSize: number) =>
  measureTracks(withTimeFor(prober, byteSize), path.join(folder, 'ffprobe'), ANY, 'mp4')

describe('reading the packets of a recording', () => {
  it('may wait long for a processor', async () => {
    const waiting = await proberWith('sleep 3; echo 0,0.0,0.0,2.5,K__')
    expect(await measure(waiting, 1000)).toMatchObject([{ index: 0, start: 0, end: 2.5 }])
  })

  it.each([
    ['ffprobe says what the file is', 'sleep 600'],
    ['ffprobe reads the packets', 'case "$*" in *json*) echo {} ;; *) sleep 600 ;; esac'],
  ])('ends when its job is stopped while %s', async (_what, script) => {
    const prober = await proberWith(script)
    const job = new AbortController()
    const [file, cwd] = [path.join(folder, 'ffprobe'), folder]
    const media = { byteSize: 100 * MB, ownerId: newId() }
    const attempt = { media, file, cwd, signal: job.signal } as Attempt
    const examined = examineRecording({ prober } as Rendering, attempt)
    setTimeout(() => job.abort(), 1_000)
    await expect(examined).rejects.toThrow('This operation was aborted')
  })

  it('ends at a limit of processor time, which grows with the file up to a bound', async () => {
    const busy = await proberWith('while :; do :; done')
    await expect(measure(busy, 1000)).rejects.toThrow(/after [1-3]\.\d s of processor time/)

    const seconds = [10 * MB, 100 * MB, 50_000 * MB].map((size) => withTimeFor(busy, size).cpuSeconds)
    expect(seconds).toEqual([41, 401, 900])
  })
})
