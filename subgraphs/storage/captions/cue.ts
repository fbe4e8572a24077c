/** A text of captions and when it is shown, in milliseconds from the start of the recording. */
export type Cue = { start: number; end: number; text: string }

/** A captions file that cannot be read: the line with the problem, and what is wrong with it. */
export type CaptionsProblem = { line: number; problem: string }
