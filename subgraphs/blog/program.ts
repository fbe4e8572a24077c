import { runService } from '../../hosting/run-service.ts'
import { blogConfig } from './config.ts'
import { startBlog } from './service.ts'

/** Runs the blog service as a process of its own. */
export const runProgram = () => runService({ name: 'blog', config: blogConfig, start: startBlog })
