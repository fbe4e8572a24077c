import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { friendMoblog, publish } from '../../scripts/client/moblogs.ts'
import { befriend, type Person, signUpAll } from '../../scripts/client/people.ts'
import { uploadByTus } from '../../scripts/client/uploads.ts'
import { eventually } from '../../testing/eventually.ts'
import { freePorts } from '../../testing/free-ports.ts'
import { mediaFile } from '../../testing/product/media-files.ts'
import { type Product, startProduct } from '../../testing/product/product.ts'
import {
  describeWithPrometheus,
  type Prometheus,
  promtool,
  startPrometheus,
} from '../../testing/product/prometheus.ts'

const ALERTS = fileURLToPath(new URL('./alerts.yml', import.meta.url))
const CONFIG = fileURLToPath(new URL('./prometheus.yml', import.meta.url))

const dashboard = z
  .object({
    panels: z.array(
      z.object({
        title: z.string(),
        description: z.string().optional(),
        targets: z.array(z.object({ expr: z.string() })).default([]),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('./dashboard.json', import.meta.url), 'utf8')))
const panels = dashboard.panels.filter(({ targets }) => targets.length > 0)

describeWithPrometheus()('Prometheus reads the metrics of the running product', () => {
  let product: Product
  let prometheus: Prometheus
  let isOver = false
  let activity: Promise<void>

  beforeAll(async () => {
    const [port = 0] = await freePorts(1)
    product = await startProduct('in one process', {
      env: { METRICS_PORT: `${port}`, STORAGE_WORKERS: '1' },
    })
    prometheus = await startPrometheus([port], ALERTS)
    const people = await signUpAll(product.url, ['Mei', 'Jun'])
    await befriend(...people)
    const media = await useOnce(people)
    // A rate needs events between two readings.
    activity = (async () => {
      while (!isOver) await useOnce(people, media)
    })()
  })
  afterAll(async () => {
    isOver = true
    await activity
    await prometheus?.close()
    await product?.close()
  })

  /** Does what an app does. Returns the media file that was uploaded. */
  async function useOnce([mei, jun]: [Person, Person], played?: string): Promise<string> {
    const { id } = await uploadByTus(mei, await mediaFile('photo.jpg'))
    await publish(mei, { mediaIds: [id] })
    await friendMoblog(jun.client, mei.handle)
    await jun.client.query('{ unknown }')
    const { access } = (await jun.client.ask('media', { id: played ?? id })).media ?? {}
    await fetch(access?.url ?? '').then((response) => response.arrayBuffer())
    return id
  }

  it.each(panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)))(
    'the panel "%s" of the dashboard shows data: %s',
    async (_title, expression) => {
      const values = await eventually(
        () => prometheus.query(expression),
        ({ length }) => length > 0,
        60_000,
      )
      expect(values.every((value) => value >= 0)).toBe(true)
    },
  )

  it('all alert rules can be evaluated', async () => {
    const rules = await eventually(
      () => prometheus.rules(),
      (found) => found.length > 0 && found.every(({ health }) => health !== 'unknown'),
      30_000,
    )
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([])
  })

  it('no alert rule names a metric that the product does not have', async () => {
    const text = readFileSync(ALERTS, 'utf8')
    const names = new Set(text.match(/\b(moblog|nodejs)_\w+/g))
    expect(names.size).toBeGreaterThan(5)
    for (const name of names) {
      const values = await eventually(
        () => prometheus.query(`count(${name})`),
        ({ length }) => length > 0,
        30_000,
      )
      expect({ name, count: values[0] }).toEqual({ name, count: expect.any(Number) })
    }
  })

  it('the example configuration and the alert rules pass the checks of promtool', async () => {
    expect(await promtool('check', 'config', CONFIG)).toContain('SUCCESS')
    expect(await promtool('check', 'rules', ALERTS)).toMatch(/SUCCESS: \d+ rules found/)
  })
})

it('each panel of the dashboard says what it shows', () => {
  expect(panels.length).toBeGreaterThan(15)
  expect(panels.filter(({ description = '' }) => description === '')).toEqual([])
})
