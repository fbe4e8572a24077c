CREATE TABLE "revocation_clocks" (
    "owner_id" UUID NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "revocation_clocks_pkey" PRIMARY KEY ("owner_id")
);
CREATE INDEX "revocation_clocks_until_idx" ON "revocation_clocks"("until");

CREATE TABLE "viewer_revocations" (
    "viewer_id" UUID NOT NULL,
    "media_id" UUID NOT NULL,
    "revoked_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "viewer_revocations_pkey" PRIMARY KEY ("viewer_id","media_id")
);
CREATE INDEX "viewer_revocations_revoked_at_idx" ON "viewer_revocations"("revoked_at");

-- Tokens that were issued after a revocation of the last minutes state a later time than the start of the minute.
INSERT INTO "revocation_clocks" ("owner_id", "until")
SELECT owner_id, max(revoked_at) FROM (
    SELECT other_id AS owner_id, revoked_at FROM "relationships"
    UNION ALL SELECT owner_id, revoked_at FROM "media"
) AS known
WHERE revoked_at > now() - interval '1 day' GROUP BY owner_id;
