import { runService } from '../../hosting/run-service.ts'
import { blogConfig } from './config.ts'
import { startBlog } from './service.ts'

/** Runs the blog service as a separate process. */
export const runProgram = () => runService({ name: 'blog', config: blogConfig, start: startBlog })
