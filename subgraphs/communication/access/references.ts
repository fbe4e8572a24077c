/**
 * A media file that another subgraph refers to. Whether it exists for the viewer is decided when one of its fields is
 * read.
 */
export type MediaReference = { id: string }

/** A moblog that another subgraph refers to. Its id is its owner's user id. */
export type MoblogReference = { id: string }
