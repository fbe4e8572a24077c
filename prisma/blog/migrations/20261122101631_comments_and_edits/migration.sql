-- DropIndex
DROP INDEX "post_untold_idx";

-- AlterTable
ALTER TABLE "post" ADD COLUMN     "comment_count" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "edited_at" TIMESTAMPTZ(3),
ADD COLUMN     "last_comment" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "settle_after" TIMESTAMPTZ(3),
ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- CreateTable
CREATE TABLE "comment" (
    "id" UUID NOT NULL,
    "post_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "author_id" UUID NOT NULL,
    "text" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "client_mutation_id" TEXT,

    CONSTRAINT "comment_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "comment_post_id_number_key" ON "comment"("post_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "comment_author_id_client_mutation_id_key" ON "comment"("author_id", "client_mutation_id");

-- CreateIndex
CREATE INDEX "post_unsettled_idx" ON "post"("settle_after") WHERE (settle_after IS NOT NULL);

-- AddForeignKey
ALTER TABLE "comment" ADD CONSTRAINT "comment_post_id_fkey" FOREIGN KEY ("post_id") REFERENCES "post"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- Posts of which communication had not heard yet are told from now on.
UPDATE "post" SET "settle_after" = now() WHERE "told_revision" < "revision";
ALTER TABLE "post" DROP COLUMN "told_revision";
ALTER TABLE "post" ADD CONSTRAINT "post_comment_count_check" CHECK ("comment_count" >= 0);
