-- CreateTable
CREATE TABLE "mention_backfill" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "after_id" UUID NOT NULL,
    "done" BOOLEAN NOT NULL,

    CONSTRAINT "mention_backfill_pkey" PRIMARY KEY ("id")
);

-- Posts that were written before are looked through for mentions.
INSERT INTO "mention_backfill" ("after_id", "done")
VALUES ('00000000-0000-0000-0000-000000000000', NOT EXISTS (SELECT FROM "post"));
