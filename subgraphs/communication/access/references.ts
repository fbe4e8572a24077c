/** A medium that another subgraph told of; whether it exists, and for whom, is decided when one of its fields is read. */
export type MediaReference = { id: string }

/** A moblog that another subgraph told of; its id is its owner's user id. */
export type MoblogReference = { id: string }
