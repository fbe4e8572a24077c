-- DropForeignKey
ALTER TABLE "comment" DROP CONSTRAINT "comment_post_id_fkey";

-- DropIndex
DROP INDEX "post_like_post_id_created_at_idx";

-- AlterTable
ALTER TABLE "comment" ADD COLUMN     "deleted_at" TIMESTAMPTZ(3),
ALTER COLUMN "number" DROP NOT NULL;

-- AlterTable
ALTER TABLE "post_like" ADD COLUMN     "removed_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "post_commenter" (
    "post_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "first_at" TIMESTAMPTZ(3) NOT NULL,
    "comment_count" INTEGER NOT NULL,

    CONSTRAINT "post_commenter_pkey" PRIMARY KEY ("post_id","user_id")
);

-- Who has commented so far. Comments that were deleted left nothing behind.
INSERT INTO "post_commenter" ("post_id", "user_id", "first_at", "comment_count")
SELECT "post_id", "author_id", min("created_at"), count(*) FROM "comment" GROUP BY "post_id", "author_id";

-- CreateIndex
CREATE INDEX "post_commenter_present_idx" ON "post_commenter"("post_id", "first_at" DESC, "user_id") WHERE (comment_count > 0);

-- CreateIndex
CREATE INDEX "post_commenter_user_id_idx" ON "post_commenter"("user_id");

-- CreateIndex
CREATE INDEX "comment_deleted_idx" ON "comment"("deleted_at") WHERE (deleted_at IS NOT NULL);

-- CreateIndex
CREATE INDEX "post_like_present_idx" ON "post_like"("post_id", "created_at" DESC, "user_id") WHERE (removed_at IS NULL);

-- AddForeignKey
ALTER TABLE "post_commenter" ADD CONSTRAINT "post_commenter_post_id_fkey" FOREIGN KEY ("post_id") REFERENCES "post"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "comment" ADD CONSTRAINT "comment_post_id_author_id_fkey" FOREIGN KEY ("post_id", "author_id") REFERENCES "post_commenter"("post_id", "user_id") ON DELETE CASCADE ON UPDATE CASCADE;


-- A comment has its place in the order of its post exactly until it is deleted.
ALTER TABLE "comment" ADD CONSTRAINT "comment_number_check" CHECK (("number" IS NULL) = ("deleted_at" IS NOT NULL));
ALTER TABLE "post_commenter" ADD CONSTRAINT "post_commenter_comment_count_check" CHECK ("comment_count" >= 0);

-- A like that is taken back or given again, and who comments, mark the moblog now; single comments don't.
CREATE TRIGGER "like_updated" AFTER UPDATE ON "post_like"
  REFERENCING NEW TABLE AS "changed" FOR EACH STATEMENT EXECUTE FUNCTION "mark_engagement_rank_due"();
DROP TRIGGER "comment_inserted" ON "comment";
DROP TRIGGER "comment_deleted" ON "comment";
CREATE TRIGGER "commenter_inserted" AFTER INSERT ON "post_commenter"
  REFERENCING NEW TABLE AS "changed" FOR EACH STATEMENT EXECUTE FUNCTION "mark_engagement_rank_due"();
CREATE TRIGGER "commenter_updated" AFTER UPDATE ON "post_commenter"
  REFERENCING NEW TABLE AS "changed" FOR EACH STATEMENT EXECUTE FUNCTION "mark_engagement_rank_due"();
CREATE TRIGGER "commenter_deleted" AFTER DELETE ON "post_commenter"
  REFERENCING OLD TABLE AS "changed" FOR EACH STATEMENT EXECUTE FUNCTION "mark_engagement_rank_due"();

-- All ranks follow the same formula.
INSERT INTO "rank_due" ("moblog_id", "since") SELECT "id", now() FROM "moblog" WHERE "hot" IS NOT NULL
ON CONFLICT DO NOTHING;
