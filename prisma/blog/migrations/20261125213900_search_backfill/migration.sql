-- CreateTable
CREATE TABLE "search_backfill" (
    "name" TEXT NOT NULL,
    "after_id" UUID NOT NULL,
    "done" BOOLEAN NOT NULL,

    CONSTRAINT "search_backfill_pkey" PRIMARY KEY ("name")
);

-- What is there was folded in another way; what is written from now on is not looked at.
INSERT INTO "search_backfill" ("name", "after_id", "done") VALUES
    ('post', '00000000-0000-0000-0000-000000000000', NOT EXISTS (SELECT FROM "post")),
    ('moblog', '00000000-0000-0000-0000-000000000000', NOT EXISTS (SELECT FROM "moblog"));
