-- The request that caused the message, and its span as a W3C traceparent. Empty outside of requests.
ALTER TABLE message ADD COLUMN request_id text NOT NULL DEFAULT '';
ALTER TABLE message ADD COLUMN traceparent text NOT NULL DEFAULT '';
