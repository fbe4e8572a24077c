import { runService } from '../../hosting/run-service.ts'
import { blogConfig } from './config.ts'
import { startBlog } from './service.ts'

await runService({ name: 'blog', config: blogConfig, start: startBlog })
