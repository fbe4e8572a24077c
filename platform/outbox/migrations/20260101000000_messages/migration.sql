-- What is still to be delivered. A delivered message is deleted.
CREATE TABLE message (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id uuid NOT NULL UNIQUE,
  topic text NOT NULL,
  key text NOT NULL,
  payload jsonb NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  due_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- The head of a key's queue.
CREATE INDEX message_topic_key_seq_idx ON message (topic, key, seq);

-- The oldest messages of a topic.
CREATE INDEX message_topic_seq_idx ON message (topic, seq);
