-- For whom a message is, where those for whom there are some take turns.
ALTER TABLE message ADD COLUMN tenant text NOT NULL DEFAULT '';

-- The database session that handles it, where tenants take turns. A session that has ended counts no more.
ALTER TABLE message ADD COLUMN taken_by integer;

-- When each tenant's turn was last; forgotten after an hour.
CREATE TABLE served (
  topic text NOT NULL,
  tenant text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (topic, tenant)
);

CREATE INDEX message_topic_tenant_seq_idx ON message (topic, tenant, seq);
